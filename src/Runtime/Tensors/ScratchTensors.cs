namespace KerasCompat.Runtime;

/// <summary>Tensors that are done with when something has been made of them, such as weights while they are packed.</summary>
internal sealed class ScratchTensors : IDisposable
{
    private readonly List<NativeBlock> _own = [], _used = [];

    /// <summary>A tensor of zeros, to be used while this lives; text is an array all the same.</summary>
    public Tensor Zeros(DType dtype, Shape shape)
    {
        if (dtype == DType.String)
        {
            return Tensor.Zeros(dtype, shape);
        }

        var block = new NativeBlock(dtype, shape);
        _own.Add(block);
        return block.Tensor;
    }

    /// <summary>The tensor of a block of somebody else's, to be used while this lives; null where the block was given back already.</summary>
    public Tensor? TryUse(NativeBlock block)
    {
        if (!block.TryUse())
        {
            return null;
        }

        _used.Add(block);
        return block.Tensor;
    }

    public void Dispose()
    {
        _own.ForEach(b => b.Dispose());
        _used.ForEach(b => b.DangerousRelease());
        _own.Clear();
        _used.Clear();
    }
}
