namespace KerasCompat.Layers;

/// <summary><c>y = a + b · scale</c> of two inputs, of Keras's InceptionResNetV2.</summary>
/// <remarks>Config: <c>scale</c>. Weights: none. The mask is dropped.</remarks>
internal sealed class CustomScaleLayer : Layer
{
    private readonly double _scale;

    public CustomScaleLayer(LayerConfig config)
        : base(config) => _scale = config.Double("scale");

    protected internal override MaskRule MaskRule => MaskRule.Drops;

    protected override Structure Call(LayerCall call) => call.Inputs is [var a, var b]
        ? new KerasTensor(call.Graph.Add(a.Value, call.Graph.Mul(b.Value, _scale)))
        : throw call.Fail($"{call.Inputs.Count} inputs", "exactly 2");
}
