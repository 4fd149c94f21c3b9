using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary><c>y = activation(x · kernel + bias)</c> over the last axis: <c>(batch, …, d)</c> → <c>(batch, …, units)</c>.</summary>
/// <remarks>
/// Config: <c>units</c>, <c>activation</c>, <c>use_bias</c>, <c>quantization_config</c>. Weights: <c>kernel</c> (d, units),
/// <c>bias</c> (units); of a quantized layer see <see cref="QuantizedKernel"/>. The mask passes through.
/// </remarks>
internal sealed class Dense : Layer
{
    private readonly int _units;
    private readonly bool _useBias;
    private readonly ActivationFunction _activation;
    private readonly QuantizationScheme? _scheme;
    private QuantizedKernel? _quantized;
    private Weight? _kernel;
    private Weight? _bias;

    public Dense(LayerConfig config)
        : base(config)
    {
        _units = config.Int("units");
        _useBias = config.Bool("use_bias", true);
        _activation = ActivationFunction.Read(config, "activation");
        _scheme = QuantizationScheme.Read(config);
    }

    public override IReadOnlyList<Sublayer> Sublayers => _activation.Sublayers;

    protected internal override MaskRule MaskRule => MaskRule.Passes;

    protected internal override RaggedRule RaggedRuleOf(int rank) => rank > 2 ? RaggedRule.Passes : RaggedRule.Refuses;

    protected override void Build(SymbolicShape input)
    {
        int features = Known(input[-1], "last axis");
        if (_scheme is not null)
        {
            int[]? bias = _useBias ? [_units] : null;
            _quantized = new QuantizedKernel(
                _scheme, [features, _units], features, 0, [_units], bias, (name, shape, trainable, dtype) => AddWeight(name, shape, trainable, dtype));
            return;
        }

        _kernel = AddWeight("kernel", [features, _units]);
        _bias = _useBias ? AddWeight("bias", [_units]) : null;
    }

    protected override Structure Call(LayerCall call)
    {
        GraphBuilder g = call.Graph;
        Value x = call.FloatingInput;
        Value y = _quantized is null
            ? g.MatMul(x, call.Weight(_kernel!))
            : _quantized.Product(call, x, [-1], (a, b) => g.MatMul(a, b), scale => scale);
        if ((_quantized is null ? call.WeightOrNull(_bias) : _quantized.BiasValue(call)) is { } bias)
        {
            y = g.Add(y, bias);
        }

        return new KerasTensor(_activation.Apply(g, y));
    }
}
