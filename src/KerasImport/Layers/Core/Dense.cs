using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary><c>y = activation(x · kernel + bias)</c> over the last axis: <c>(batch, …, d)</c> → <c>(batch, …, units)</c>.</summary>
/// <remarks>
/// Config: <c>units</c>, <c>activation</c>, <c>use_bias</c>. Weights: <c>kernel</c> (d, units), <c>bias</c> (units). The mask passes
/// through.
/// </remarks>
internal sealed class Dense : Layer
{
    private readonly int _units;
    private readonly bool _useBias;
    private readonly ActivationFunction _activation;
    private Weight? _kernel;
    private Weight? _bias;

    public Dense(LayerConfig config)
        : base(config)
    {
        _units = config.Int("units");
        _useBias = config.Bool("use_bias", true);
        _activation = ActivationFunction.Read(config, "activation");
    }

    protected internal override MaskRule MaskRule => MaskRule.Passes;

    protected override void Build(SymbolicShape input)
    {
        _kernel = AddWeight("kernel", [Known(input[-1], "last axis"), _units]);
        _bias = _useBias ? AddWeight("bias", [_units]) : null;
    }

    protected override Structure Call(LayerCall call)
    {
        GraphBuilder g = call.Graph;
        Value y = g.MatMul(call.Input.Value, call.Weight(_kernel!));
        if (_bias is not null)
        {
            y = g.Add(y, call.Weight(_bias));
        }

        return new KerasTensor(_activation.Apply(g, y));
    }
}
