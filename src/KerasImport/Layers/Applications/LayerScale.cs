using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary><c>y = x · gamma</c>: a learned factor for each channel, of Keras's ConvNeXt.</summary>
/// <remarks>Config: <c>projection_dim</c>, <c>weight_name</c>. Weights: gamma (projection_dim), which Keras 3 leaves without a name. The mask is dropped.</remarks>
internal sealed class LayerScale : Layer
{
    private readonly int _size;
    private readonly string _weightName;
    private Weight? _gamma;

    public LayerScale(LayerConfig config)
        : base(config)
    {
        _size = config.Int("projection_dim");
        _weightName = config.String("weight_name", "variable");
        config.Ignore("init_values");
    }

    protected internal override MaskRule MaskRule => MaskRule.Drops;

    protected override void Build(CallArguments arguments) => _gamma = AddWeight(_weightName, [_size]);

    protected override Structure Call(LayerCall call) => new KerasTensor(call.Graph.Mul(call.FloatingInput, call.Weight(_gamma!)));
}
