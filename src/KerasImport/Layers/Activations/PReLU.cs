using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary><c>y = max(x, 0) − alpha · max(−x, 0)</c> with a learned alpha for each feature.</summary>
/// <remarks>
/// Config: <c>shared_axes</c>, counted from 1, along which alpha is one number. Weights: <c>alpha</c>, of the input's shape without
/// the batch axis and with 1 on the shared axes. The mask passes through.
/// </remarks>
internal sealed class PReLU : Layer
{
    private readonly ElementWeights _shape;
    private Weight? _alpha;

    public PReLU(LayerConfig config)
        : base(config) => _shape = ElementWeights.Read(config);

    protected internal override MaskRule MaskRule => MaskRule.Passes;

    protected override void Build(SymbolicShape input) => _alpha = AddWeight("alpha", _shape.Shape(input, Known));

    protected override Structure Call(LayerCall call)
    {
        GraphBuilder g = call.Graph;
        Value x = call.Input.Value;
        return new KerasTensor(g.Sub(g.Relu(x), g.Mul(call.Weight(_alpha!), g.Relu(g.Neg(x)))));
    }
}
