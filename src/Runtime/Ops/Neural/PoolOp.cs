namespace KerasCompat.Runtime;

/// <summary>An operator that makes one row of channels of each window of x (batch, spatial…, channels).</summary>
/// <param name="Size">The window's size along each spatial axis.</param>
/// <param name="Strides">Steps from window to window.</param>
/// <param name="Padding">The rule for the edges.</param>
public abstract record PoolOp(EquatableList<int> Size, EquatableList<int> Strides, Padding Padding) : Op
{
    /// <inheritdoc/>
    public override IReadOnlyList<TensorType> Infer(OpInference inputs)
    {
        Dim[] spatial = Window.Output(inputs);
        return [new TensorType(inputs.DType(0), new SymbolicShape([inputs.Shape(0)[0], .. spatial, inputs.Shape(0)[-1]]))];
    }

    internal SlidingWindow Window => new(Size, Strides, [.. Enumerable.Repeat(1, Size.Count)], Padding);
}
