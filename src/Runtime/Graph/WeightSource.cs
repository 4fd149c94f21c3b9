namespace KerasCompat.Runtime;

/// <summary>Where the elements of a weight are.</summary>
internal abstract class WeightSource
{
    /// <summary>The elements; null where another source has taken this one's place meanwhile.</summary>
    /// <param name="scratch">Has the memory, where the elements are for use now; null where the caller keeps them.</param>
    public abstract Tensor? TryRead(ScratchTensors? scratch);

    /// <summary>Another source has taken this one's place.</summary>
    public virtual void Leave()
    {
    }
}

/// <summary>Elements in a tensor that others may hold, too.</summary>
internal sealed class HeldWeight(Tensor value) : WeightSource
{
    public override Tensor TryRead(ScratchTensors? scratch) => value;
}

/// <summary>Elements as they were loaded, which nobody has asked for yet: they can be given back to the system when they have been packed.</summary>
internal sealed class LoadedWeight(NativeBlock block) : WeightSource
{
    public override Tensor? TryRead(ScratchTensors? scratch)
    {
        if (scratch is not null)
        {
            return scratch.TryUse(block);
        }

        using var copying = new ScratchTensors();
        return copying.TryUse(block)?.Clone();
    }

    public override void Leave() => block.Dispose();
}

/// <summary>Elements that are made anew whenever they are asked for: from the form that kernels read, or from a file.</summary>
/// <param name="dtype">Their type.</param>
/// <param name="shape">Their shape.</param>
/// <param name="fill">Writes all of them into a tensor.</param>
internal sealed class RestoredWeight(DType dtype, Shape shape, Action<Tensor> fill) : WeightSource
{
    public override Tensor TryRead(ScratchTensors? scratch)
    {
        Tensor tensor = scratch is null ? Tensor.Zeros(dtype, shape) : scratch.Zeros(dtype, shape);
        fill(tensor);
        return tensor;
    }
}
