using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary><c>y = alpha · ln(1 + e^(beta · x))</c> with a learned alpha and beta for each feature.</summary>
/// <remarks>
/// Config: <c>shared_axes</c>, counted from 1. Weights, of the input's shape without the batch axis and with 1 on the shared axes:
/// <c>alphas</c>, <c>betas</c>. The mask passes through. Keras 1.
/// </remarks>
internal sealed class ParametricSoftplus : Layer
{
    private readonly ElementWeights _shape;
    private Weight? _alphas;
    private Weight? _betas;

    public ParametricSoftplus(LayerConfig config)
        : base(config) => _shape = ElementWeights.Read(config);

    protected internal override MaskRule MaskRule => MaskRule.Passes;

    protected override void Build(SymbolicShape input)
    {
        int[] shape = _shape.Shape(input, Known);
        _alphas = AddWeight("alphas", shape);
        _betas = AddWeight("betas", shape);
    }

    protected override Structure Call(LayerCall call)
    {
        GraphBuilder g = call.Graph;
        return new KerasTensor(g.Mul(call.Weight(_alphas!), g.Softplus(g.Mul(call.Weight(_betas!), call.Input.Value))));
    }
}
