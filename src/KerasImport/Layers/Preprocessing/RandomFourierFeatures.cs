using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary><c>y = cos(x · kernel / kernel_scale + bias)</c>: features whose products approximate a kernel function.</summary>
/// <remarks>
/// <c>(batch, d)</c> → <c>(batch, output_dim)</c>. Config: <c>output_dim</c>; <c>scale</c> is in the weight. Weights: <c>unscaled_kernel</c> (d, output_dim), <c>bias</c> (output_dim),
/// <c>kernel_scale</c> (1). The mask is dropped. tf.keras to 2.15.
/// </remarks>
internal sealed class RandomFourierFeatures : Layer
{
    private readonly int _outputDim;
    private Weight? _kernel;
    private Weight? _bias;
    private Weight? _scale;

    public RandomFourierFeatures(LayerConfig config)
        : base(config)
    {
        _outputDim = config.Int("output_dim");
        config.Ignore("scale");
    }

    protected internal override MaskRule MaskRule => MaskRule.Drops;

    protected override void Build(SymbolicShape input)
    {
        _kernel = AddWeight("unscaled_kernel", [Known(input[-1], "last axis"), _outputDim], trainable: false, DType.Float32);
        _bias = AddWeight("bias", [_outputDim], trainable: false, DType.Float32);
        _scale = AddWeight("kernel_scale", [1], dtype: DType.Float32);
    }

    protected override Structure Call(LayerCall call)
    {
        GraphBuilder g = call.Graph;
        Value x = g.Cast(call.Input.Value, DType.Float32);
        Value kernel = g.Mul(g.Reciprocal(g.Weight(_scale!)), g.Weight(_kernel!));
        return new KerasTensor(g.Cos(g.Add(g.MatMul(x, kernel), g.Weight(_bias!))));
    }
}
