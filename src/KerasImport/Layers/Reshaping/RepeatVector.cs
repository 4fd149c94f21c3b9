using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>The same features at every step: <c>(batch, features)</c> → <c>(batch, n, features)</c>.</summary>
/// <remarks>Config: <c>n</c>. Weights: none. The mask is dropped.</remarks>
internal sealed class RepeatVector : Layer
{
    private readonly int _count;

    public RepeatVector(LayerConfig config)
        : base(config) => _count = config.Int("n");

    protected internal override MaskRule MaskRule => MaskRule.Drops;

    protected override Structure Call(LayerCall call)
    {
        Value x = call.Input.Value;
        return new KerasTensor(call.Graph.Expand(call.Graph.ExpandDims(x, 1), x.Shape.Inserted(1, _count)));
    }
}
