using KerasCompat.Runtime;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Layers;

/// <summary><c>y = activation(einsum(equation, x, kernel) + bias)</c>.</summary>
/// <remarks>
/// Config: <c>equation</c>, <c>output_shape</c> (without the batch axis), <c>bias_axes</c> (letters of the result, or none),
/// <c>activation</c>, <c>quantization_config</c>. Weights: <c>kernel</c>, a size for each letter of the second operand; <c>bias</c>, sizes for the letters of
/// <c>bias_axes</c>, 1 for letters between them, leading letters dropped; of a quantized layer see <see cref="QuantizedKernel"/>. The
/// mask is dropped.
/// </remarks>
internal sealed class EinsumDense : Layer
{
    private readonly string _equation;
    private readonly int?[] _outputShape;
    private readonly string _biasAxes;
    private readonly ActivationFunction _activation;
    private readonly QuantizationScheme? _scheme;
    private EinsumDenseShapes? _shapes;
    private QuantizedKernel? _quantized;
    private Weight? _kernel;
    private Weight? _bias;

    public EinsumDense(LayerConfig config)
        : base(config)
    {
        _equation = config.String("equation", string.Empty).Replace(" ", string.Empty, StringComparison.Ordinal);
        _outputShape = config.Token("output_shape") switch
        {
            JValue { Value: long size } => [(int)size],
            JArray sizes => [.. sizes.Select(s => (int?)s)],
            var other => throw config.Wrong("output_shape", other ?? JValue.CreateNull(), "an integer or a list"),
        };
        _biasAxes = config.String("bias_axes", string.Empty);
        _activation = ActivationFunction.Read(config, "activation");
        _scheme = QuantizationScheme.Read(config);
        config.Ignore("gptq_unpacked_column_size");
    }

    public override IReadOnlyList<Sublayer> Sublayers => _activation.Sublayers;

    protected internal override MaskRule MaskRule => MaskRule.Drops;

    protected override void Build(SymbolicShape input)
    {
        _shapes = EinsumDenseShapes.Of(_equation, _biasAxes, input, _outputShape)
            ?? throw Config.Wrong("equation", _equation, $"an equation that fits input {input} and output_shape");
        int[] kernel = [.. _shapes.Kernel.Select(d => Known(d, "kernel axis"))];
        int[]? bias = _biasAxes.Length > 0 ? [.. _shapes.Bias.Select(d => Known(d, "bias axis"))] : null;
        if (_scheme is not null)
        {
            int[] scale = [.. _shapes.KernelScale(kernel)];
            _quantized = new QuantizedKernel(
                _scheme, kernel, _shapes.Rows(kernel), _shapes.SummedKernelAxis, scale, bias, (name, shape, trainable, dtype) => AddWeight(name, shape, trainable, dtype));
            return;
        }

        _kernel = AddWeight("kernel", kernel);
        _bias = bias is null ? null : AddWeight("bias", bias);
    }

    protected override Structure Call(LayerCall call)
    {
        GraphBuilder g = call.Graph;
        Value x = call.FloatingInput;
        Value y = _quantized is null
            ? g.Einsum(_equation, x, call.Weight(_kernel!))
            : _quantized.Product(call, x, _shapes!.SummedAxes, (a, b) => g.Einsum(_equation, a, b), scale => _shapes.ToOutput(g, scale));
        if ((_quantized is null ? call.WeightOrNull(_bias) : _quantized.BiasValue(call)) is { } bias)
        {
            y = g.Add(y, bias);
        }

        return new KerasTensor(_activation.Apply(g, y));
    }
}
