using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>
/// One step of a convolutional LSTM (Shi et al. 2015): <see cref="LSTMCell"/> with convolutions for products,
/// <c>z = x∗K + b + h∗R</c>; the state's convolution has stride 1 and keeps the size.
/// </summary>
/// <remarks>
/// Config: <c>filters</c> f, <c>kernel_size</c>, <c>strides</c>, <c>padding</c>, <c>recurrent_padding</c> (same), <c>dilation_rate</c>, <c>activation</c> (tanh),
/// <c>recurrent_activation</c> (sigmoid), <c>use_bias</c>. Input <c>(batch, …spatial, c)</c>, states h and c
/// <c>(batch, …spatial', f)</c>; channels are last here, whatever the layer's data format. Weights, gates in the order i, f, g, o:
/// <c>kernel</c> (…k, c, 4f), <c>recurrent_kernel</c> (…k, f, 4f), <c>bias</c> (4f).
/// </remarks>
internal sealed class ConvLSTMCell : RecurrentCell
{
    private readonly int _rank;
    private readonly int _filters;
    private readonly int[] _kernelSize;
    private readonly int[] _strides;
    private readonly int[] _dilations;
    private readonly Padding _padding;
    private readonly Padding _recurrentPadding;
    private readonly bool _useBias;
    private readonly ActivationFunction _activation;
    private readonly ActivationFunction _recurrentActivation;
    private Weight? _kernel;
    private Weight? _recurrentKernel;
    private Weight? _bias;

    /// <param name="config">The config, the layer's or the cell's.</param>
    /// <param name="rank">Number of spatial axes.</param>
    public ConvLSTMCell(LayerConfig config, int rank)
        : base(config)
    {
        _rank = rank;
        _filters = config.Int("filters");
        _kernelSize = config.Ints("kernel_size", rank);
        _strides = config.Ints("strides", rank, 1);
        _dilations = config.Ints("dilation_rate", rank, 1);
        _padding = WindowPadding.OfConvolution(config, _kernelSize, _dilations);
        _recurrentPadding = WindowPadding.OfConvolution(config, _kernelSize, [.. Enumerable.Repeat(1, rank)], "recurrent_padding", "same");
        _useBias = config.Bool("use_bias", true);
        _activation = ActivationFunction.Read(config, "activation", "tanh");
        _recurrentActivation = ActivationFunction.Read(config, "recurrent_activation", "sigmoid");
        config.Ignore("unit_forget_bias", "data_format");
    }

    public override IReadOnlyList<SymbolicShape> StateShapes(SymbolicShape input)
    {
        var probe = new GraphBuilder();
        Value kernel = probe.Input("kernel", DType.Float32, new SymbolicShape([.. _kernelSize.Select(k => (Dim)k), input[-1], _filters]));
        SymbolicShape shape = Convolve(probe, probe.Input("x", DType.Float32, input), kernel, null).Shape;
        return [shape, shape];
    }

    public override CellStep Step(GraphBuilder g, Value input, IReadOnlyList<Value> states, IReadOnlyList<Value> constants)
    {
        (Value h, Value c) = (states[0], states[1]);
        int[] ones = [.. Enumerable.Repeat(1, _rank)];
        Value x = Convolve(g, input, Read(g, _kernel!), ReadOrNull(g, _bias));
        Value z = g.Add(x, g.Conv(h, Read(g, _recurrentKernel!), null, ones, ones, _recurrentPadding));
        IReadOnlyList<Value> gates = g.Split(z, -1, 4);
        Value next = g.Add(
            g.Mul(_recurrentActivation.Apply(g, gates[1]), c),
            g.Mul(_recurrentActivation.Apply(g, gates[0]), _activation.Apply(g, gates[2])));
        Value output = g.Mul(_recurrentActivation.Apply(g, gates[3]), _activation.Apply(g, next));
        return new CellStep(output, [output, next]);
    }

    protected override void Build(SymbolicShape input)
    {
        _kernel = AddWeight("kernel", [.. _kernelSize, Known(input[-1], "channel axis"), _filters * 4]);
        _recurrentKernel = AddWeight("recurrent_kernel", [.. _kernelSize, _filters, _filters * 4]);
        _bias = _useBias ? AddWeight("bias", [_filters * 4]) : null;
    }

    private Value Convolve(GraphBuilder g, Value x, Value kernel, Value? bias) =>
        g.Conv(x, kernel, bias, _strides, _dilations, _padding);
}
