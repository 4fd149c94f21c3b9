namespace KerasCompat.Layers;

/// <summary>Applies an activation function to each element (softmax: to each last axis).</summary>
/// <remarks>Config: <c>activation</c>. Weights: none. The mask passes through.</remarks>
internal sealed class Activation : Layer
{
    private readonly ActivationFunction _activation;

    public Activation(LayerConfig config)
        : base(config) => _activation = ActivationFunction.Read(config, "activation");

    protected internal override MaskRule MaskRule => MaskRule.Passes;

    protected internal override RaggedRule RaggedRuleOf(int rank) => rank > 2 ? RaggedRule.Passes : RaggedRule.Refuses;

    protected override Structure Call(LayerCall call) => call.Input with { Value = _activation.Apply(call.Graph, call.Input.Value) };
}
