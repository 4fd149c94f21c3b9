using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>
/// A convolution whose kernel differs from place to place: <c>y[b, o, f] = activation(bias[o, f] + Σ window[b, o, k] · kernel[o, k, f])</c>.
/// </summary>
/// <remarks>
/// <c>(batch, spatial…, channels)</c> → <c>(batch, windows…, filters)</c>; with <c>channels_first</c> the channels are axis 1. Config:
/// <c>filters</c>, <c>kernel_size</c>, <c>strides</c>, <c>padding</c>, <c>data_format</c>, <c>activation</c>, <c>use_bias</c>,
/// <c>implementation</c> (1), which decides how the kernel is stored. Weights: <c>kernel</c>: 1 (windows, window · channels, filters), a
/// window flattened with the channels last, or first with <c>channels_first</c>; 2 (input's axes, output's axes), in the
/// order of <c>data_format</c>, of which only what a window reaches counts; 3 the numbers of 2 that count, by output and input
/// index. <c>bias</c> (windows…, filters). The mask is dropped. Keras 1 and 2; implementations 2 and 3 from 2.2.5 on.
/// </remarks>
internal abstract class BaseLocallyConnected : Layer
{
    private readonly int _filters;
    private readonly int[] _kernelSize;
    private readonly int[] _strides;
    private readonly Padding _padding;
    private readonly bool _channelsFirst;
    private readonly int _implementation;
    private readonly bool _useBias;
    private readonly ActivationFunction _activation;
    private LocalWindows? _windows;
    private Weight? _kernel;
    private Weight? _bias;

    protected BaseLocallyConnected(LayerConfig config, int rank)
        : base(config)
    {
        _filters = config.Int("filters");
        _kernelSize = config.Ints("kernel_size", rank);
        _strides = config.Ints("strides", rank, 1);
        _implementation = config.Int("implementation", 1);
        _padding = Padding.Parse(config.OneOf("padding", "valid", "valid", "same"));
        _channelsFirst = config.ChannelsFirst();
        _useBias = config.Bool("use_bias", true);
        _activation = ActivationFunction.Read(config, "activation");
        config.Ignore("input_dim", "input_length");
        if (_implementation is < 1 or > 3)
        {
            throw config.Wrong("implementation", _implementation, "1, 2 or 3");
        }
    }

    public override IReadOnlyList<Sublayer> Sublayers => _activation.Sublayers;

    protected internal override MaskRule MaskRule => MaskRule.Drops;

    protected override void Build(SymbolicShape input)
    {
        int channels = Known(input[ChannelAxis.Of(_channelsFirst)], "channel axis");
        int first = ChannelAxis.FirstSpatial(_channelsFirst);
        int[] sizes = [.. Enumerable.Range(first, _kernelSize.Length).Select(a => Known(input[a], $"axis {a}"))];
        _windows = new LocalWindows(sizes, channels, _filters, _kernelSize, _strides, _padding.Mode == PaddingMode.Same, _channelsFirst);
        Config.Afford("kernel_size", _windows.Count, _windows.Size, channels, _filters);
        _kernel = AddWeight("kernel", _implementation switch
        {
            1 => [_windows.Count, _windows.Size * channels, _filters],
            2 => [.. _windows.InputShape, .. _windows.OutputShape],
            _ => [_windows.Pairs().Count],
        });
        _bias = _useBias ? AddWeight("bias", [.. _windows.Output, _filters]) : null;
    }

    protected override Structure Call(LayerCall call)
    {
        GraphBuilder g = call.Graph;
        Value x = call.FloatingInput;
        Value y = _implementation == 1 ? ByWindow(call, x) : ByMatrix(call, x);
        if (_bias is not null)
        {
            // With channels first Keras lays the numbers of (windows…, filters) out as (filters, windows…), without moving them.
            y = g.Add(y, g.Reshape(call.Weight(_bias), new SymbolicShape(_windows!.OutputShape.Select(d => (Dim)d))));
        }

        return new KerasTensor(_activation.Apply(g, y));
    }

    private Value ByWindow(LayerCall call, Value x)
    {
        GraphBuilder g = call.Graph;
        Value last = ChannelAxis.ToLast(g, x, _channelsFirst);
        Value patches = g.ExtractPatches(last, _kernelSize, _strides, (int[])[.. _kernelSize.Select(_ => 1)], _padding);
        Dim batch = x.Shape[0], channels = last.Shape[-1];
        if (_channelsFirst)
        {
            Value split = g.Reshape(patches, batch, _windows!.Count, _windows.Size, channels);
            patches = g.Transpose(split, [0, 1, 3, 2]);
        }

        Value rows = g.Reshape(patches, batch, _windows!.Count, channels * _windows.Size);
        Value y = g.Einsum("bok,okf->bof", rows, call.Weight(_kernel!));
        Value spread = g.Reshape(y, new SymbolicShape([batch, .. _windows.Output.Select(d => (Dim)d), _filters]));
        return ChannelAxis.FromLast(g, spread, _channelsFirst);
    }

    private Value ByMatrix(LayerCall call, Value x)
    {
        GraphBuilder g = call.Graph;
        LocalWindows windows = _windows!;
        Dim inputs = windows.InputLength, outputs = windows.OutputLength;
        Value kernel = call.Weight(_kernel!);
        Value matrix = _implementation == 2
            ? g.Mul(g.Reshape(kernel, inputs, outputs), g.Constant(windows.Mask().Cast(kernel.DType)))
            : g.Transpose(g.ScatterND(g.Expand(g.Scalar(0, kernel.DType), new SymbolicShape(outputs, inputs)), g.Constant(windows.Indices()), kernel), [1, 0]);
        Value y = g.MatMul(g.Reshape(x, x.Shape[0], inputs), matrix);
        return g.Reshape(y, new SymbolicShape([x.Shape[0], .. windows.OutputShape.Select(d => (Dim)d)]));
    }
}
