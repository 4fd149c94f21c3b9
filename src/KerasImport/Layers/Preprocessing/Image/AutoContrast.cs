using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>Stretches each channel of each image over the whole range; channels of one number stay as they are.</summary>
/// <remarks>
/// In the range 0 to 255: <c>y = clip(x · s − min · s)</c> with <c>s = 255 / (max − min)</c> over axes 1 and 2. Config:
/// <c>value_range</c>. Weights: none. It acts at inference too. The mask is dropped.
/// </remarks>
internal sealed class AutoContrast : Layer
{
    private readonly ValueRange _range;

    public AutoContrast(LayerConfig config)
        : base(config)
    {
        _range = ValueRange.Read(config);
        config.Ignore("data_format");
    }

    protected internal override MaskRule MaskRule => MaskRule.Drops;

    protected override Structure Call(LayerCall call)
    {
        GraphBuilder g = call.Graph;
        DType type = Policy.Compute;
        Value original = call.Input.Value;
        Value images = g.Cast(_range.To(g, original, ValueRange.Bytes, type), type);
        Value low = g.ReduceMin(images, [1, 2], keepDims: true), high = g.ReduceMax(images, [1, 2], keepDims: true);
        Value scale = g.Div(g.Scalar(255, type), g.Sub(high, low));
        Value stretched = g.Clip(g.Add(g.Mul(images, scale), g.Mul(g.Neg(low), scale)), 0, 255);
        Value result = ValueRange.Bytes.To(g, stretched, _range, type);
        return new KerasTensor(g.Where(g.IsNaN(result), g.Cast(original, type), result));
    }
}
