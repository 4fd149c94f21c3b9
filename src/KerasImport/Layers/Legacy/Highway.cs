using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary><c>y = t ⊙ activation(x · W + b) + (1 − t) ⊙ x</c> with the gate <c>t = sigmoid(x · W_carry + b_carry)</c>.</summary>
/// <remarks>
/// <c>(batch, d)</c> → <c>(batch, d)</c>. Config: <c>activation</c>, <c>use_bias</c>. Weights: <c>W</c> (d, d), <c>W_carry</c> (d, d),
/// <c>b</c> (d), <c>b_carry</c> (d). The mask is dropped. Keras 1, kept in Keras 2's legacy layers.
/// </remarks>
internal sealed class Highway : Layer
{
    private readonly bool _useBias;
    private readonly ActivationFunction _activation;
    private Weight? _kernel;
    private Weight? _carryKernel;
    private Weight? _bias;
    private Weight? _carryBias;

    public Highway(LayerConfig config)
        : base(config)
    {
        _useBias = config.Bool("use_bias", true);
        _activation = ActivationFunction.Read(config, "activation");
        config.Ignore("input_dim");
    }

    protected internal override MaskRule MaskRule => MaskRule.Drops;

    protected override void Build(SymbolicShape input)
    {
        int size = Known(input[-1], "last axis");
        _kernel = AddWeight("W", [size, size]);
        _carryKernel = AddWeight("W_carry", [size, size]);
        _bias = _useBias ? AddWeight("b", [size]) : null;
        _carryBias = _useBias ? AddWeight("b_carry", [size]) : null;
    }

    protected override Structure Call(LayerCall call)
    {
        GraphBuilder g = call.Graph;
        Value x = call.Input.Value;
        Value gate = g.Sigmoid(Affine(_carryKernel!, _carryBias));
        Value transformed = _activation.Apply(g, Affine(_kernel!, _bias));
        return new KerasTensor(g.Add(g.Mul(transformed, gate), g.Mul(g.Sub(g.Scalar(1, x.DType), gate), x)));

        Value Affine(Weight kernel, Weight? bias)
        {
            Value y = g.MatMul(x, call.Weight(kernel));
            return bias is null ? y : g.Add(y, call.Weight(bias));
        }
    }
}
