namespace KerasCompat.Layers;

/// <summary>Repeats every step: <c>(batch, time, features)</c> → <c>(batch, time · size, features)</c>.</summary>
/// <remarks>Config: <c>size</c> (2). Weights: none. The mask is dropped.</remarks>
internal sealed class UpSampling1D : Layer
{
    private readonly int _size;

    public UpSampling1D(LayerConfig config)
        : base(config) => _size = config.Int("size", 2);

    protected internal override MaskRule MaskRule => MaskRule.Drops;

    protected override Structure Call(LayerCall call) => new KerasTensor(call.Graph.Repeat(call.Input.Value, 1, _size));
}
