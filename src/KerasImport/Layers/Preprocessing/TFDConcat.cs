namespace KerasCompat.Layers;

/// <summary>Lays the inputs one after another along an axis: the last step of a FeatureSpace.</summary>
/// <remarks>Config: <c>axis</c>. Weights: none. The mask is dropped.</remarks>
internal sealed class TFDConcat : Layer
{
    private readonly int _axis;

    public TFDConcat(LayerConfig config)
        : base(config) => _axis = config.Int("axis");

    protected internal override MaskRule MaskRule => MaskRule.Drops;

    protected override Structure Call(LayerCall call) => new KerasTensor(call.Graph.Concat([.. call.Inputs.Select(t => t.Value)], _axis));
}
