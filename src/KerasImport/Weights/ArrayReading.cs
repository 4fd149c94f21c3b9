using KerasCompat.Containers;
using KerasCompat.Runtime;

namespace KerasCompat.Weights;

/// <summary>Reads a file's arrays one after another: asks before each whether the load is still wanted, and tells how far it has come.</summary>
/// <param name="options">The token, and who is told.</param>
/// <param name="arrays">The arrays that will be read.</param>
/// <param name="mayStay">Whether arrays may be read later as well.</param>
internal sealed class ArrayReading(LoadOptions options, IEnumerable<StoredArray> arrays, bool mayStay)
{
    /// <summary>Bytes from which on an array is kept outside of the heap until somebody asks for it.</summary>
    private const int Large = 1 << 16;

    private readonly double _total = options.Progress is null ? 0 : arrays.Sum(a => (double)a.Shape.ElementCount);
    private double _done;

    /// <summary>Reads an array.</summary>
    /// <exception cref="OperationCanceledException">The load is no longer wanted.</exception>
    public Tensor Read(StoredArray array)
    {
        options.CancellationToken.ThrowIfCancellationRequested();
        Tensor value = array.Read();
        Done(array);
        return value;
    }

    /// <summary>An array as a weight of a type: read, or left in the file where the options say so.</summary>
    /// <exception cref="OperationCanceledException">The load is no longer wanted.</exception>
    public WeightSource Source(StoredArray array, DType dtype)
    {
        bool isLarge = (long)array.Shape.ElementCount * dtype.Size() >= Large, fits = array.Fill is not null && array.DType == dtype;
        if (isLarge && mayStay && options.LeaveWeightsInFile)
        {
            options.CancellationToken.ThrowIfCancellationRequested();
            Done(array);
            return new RestoredWeight(dtype, array.Shape, fits ? tensor => array.Fill!(tensor.Bytes) : tensor => array.Read().Cast(dtype).CopyTo(tensor));
        }

        if (!isLarge || !fits)
        {
            return new HeldWeight(Read(array).Cast(dtype));
        }

        options.CancellationToken.ThrowIfCancellationRequested();
        var block = new NativeBlock(dtype, array.Shape);
        try
        {
            array.Fill!(block.Tensor.Bytes);
        }
        catch
        {
            block.Dispose();
            throw;
        }

        Done(array);
        return new LoadedWeight(block);
    }

    private void Done(StoredArray array)
    {
        _done += array.Shape.ElementCount;
        options.Progress?.Report(Math.Min(_done / Math.Max(_total, 1), 1));
    }
}
