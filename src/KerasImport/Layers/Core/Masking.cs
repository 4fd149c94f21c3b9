using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>Masks the steps whose features all equal <c>mask_value</c>, and sets them to 0.</summary>
/// <remarks>
/// <c>keep = any(x ≠ mask_value)</c> over the last axis; <c>y = x</c> where keep, else 0. Config: <c>mask_value</c> (0). Weights: none.
/// It creates the mask <c>keep</c>.
/// </remarks>
internal sealed class Masking : Layer
{
    private readonly double _maskValue;

    public Masking(LayerConfig config)
        : base(config) => _maskValue = config.Token("mask_value") is { } value
            ? JsonTensor.Read(value, DType.Float64, config.Place).Cast(DType.Float64).As<double>().Span[0]
            : 0;

    protected internal override MaskRule MaskRule => MaskRule.Computes;

    protected override Structure Call(LayerCall call)
    {
        GraphBuilder g = call.Graph;
        Value x = call.Input.Value;
        Value keep = g.ReduceAny(g.NotEqual(x, g.Scalar(_maskValue, x.DType)), [-1], keepDims: true);
        return new KerasTensor(g.Where(keep, x, g.Scalar(0, x.DType)), g.Squeeze(keep, -1));
    }
}
