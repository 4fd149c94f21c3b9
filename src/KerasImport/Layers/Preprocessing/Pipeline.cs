namespace KerasCompat.Layers;

/// <summary>Layers applied one after another.</summary>
/// <remarks>Config: <c>layers</c>. Weights: those of the layers. The mask is what the last layer makes of it.</remarks>
internal sealed class Pipeline : Layer
{
    private readonly IReadOnlyList<Layer> _layers;

    public Pipeline(LayerConfig config)
        : base(config) => _layers = config.Layers("layers");

    public override IReadOnlyList<Sublayer> Sublayers => [.. _layers.Select(l => new Sublayer("_pipeline_layers", l))];

    protected internal override MaskRule MaskRule => MaskRule.Computes;

    protected override bool Autocasts => false;

    protected override Structure Call(LayerCall call) =>
        _layers.Aggregate(call.First, (data, layer) => layer.Invoke(call.Graph, call.PassOn(data)));
}
