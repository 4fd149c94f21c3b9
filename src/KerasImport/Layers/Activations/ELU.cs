namespace KerasCompat.Layers;

/// <summary><c>y = x</c> where x ≥ 0, else <c>alpha · (eˣ − 1)</c>, element by element.</summary>
/// <remarks>Config: <c>alpha</c> (1). Weights: none. The mask passes through.</remarks>
internal sealed class ELU : Layer
{
    private readonly double _alpha;

    public ELU(LayerConfig config)
        : base(config) => _alpha = config.Double("alpha", 1);

    protected internal override MaskRule MaskRule => MaskRule.Passes;

    protected override Structure Call(LayerCall call) => new KerasTensor(call.Graph.Elu(call.Input.Value, _alpha));
}
