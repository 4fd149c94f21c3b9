using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>
/// The transposed convolution: every input step adds its window to <c>full[i · stride + j · dilation] += kernel[j] · x[i]</c>, of which
/// a part is kept; then bias and activation.
/// </summary>
/// <remarks>
/// <c>(batch, spatial…, channels)</c> → <c>(batch, new spatial…, filters)</c>; with <c>channels_first</c> the channels are axis 1.
/// Of an axis of n steps <c>same</c> makes n · stride and <c>valid</c> n · stride + max(k − stride, 0), unless <c>output_padding</c>
/// says otherwise. Keras 1 says it by <c>output_size</c>, which also decides what is cut off the beginning: nothing for <c>valid</c>,
/// ⌊max(full − size, 0) / 2⌋ for <c>same</c>, ⌊k / 2⌋ for <c>same_theano</c>. Config: <c>filters</c>, <c>kernel_size</c>,
/// <c>strides</c>, <c>padding</c>, <c>output_padding</c>, <c>data_format</c>, <c>dilation_rate</c>, <c>activation</c>, <c>use_bias</c>. Weights: <c>kernel</c> (window…, filters, channels),
/// <c>bias</c> (filters). The mask is dropped.
/// </remarks>
internal abstract class BaseConvTranspose : Layer
{
    private readonly int _filters;
    private readonly int[] _kernelSize;
    private readonly int[] _strides;
    private readonly int[] _dilations;
    private readonly EquatableList<int>? _outputPadding;
    private readonly int[]? _outputSize;
    private readonly string _padding;
    private readonly bool _channelsFirst;
    private readonly bool _useBias;
    private readonly ActivationFunction _activation;
    private Weight? _kernel;
    private Weight? _bias;

    protected BaseConvTranspose(LayerConfig config, int rank)
        : base(config)
    {
        _filters = config.Int("filters");
        _kernelSize = config.Ints("kernel_size", rank);
        _strides = config.Ints("strides", rank, 1);
        _dilations = config.Ints("dilation_rate", rank, 1);
        _outputSize = config.Has("output_size") ? config.Ints("output_size", rank) : null;
        _padding = config.OneOf("padding", "valid", "valid", "same", "same_theano");
        _channelsFirst = config.ChannelsFirst();
        _useBias = config.Bool("use_bias", true);
        _activation = ActivationFunction.Read(config, "activation");
        if (config.Has("output_padding"))
        {
            _outputPadding = config.Ints("output_padding", rank);
        }

        if (config.Int("groups", 1) != 1)
        {
            config.Unsupported("groups", "1", "Keras itself computes no transposed convolution in groups: split the channels and use a layer for each group");
        }
    }

    public override IReadOnlyList<Sublayer> Sublayers => _activation.Sublayers;

    protected internal override MaskRule MaskRule => MaskRule.Drops;

    protected override void Build(SymbolicShape input)
    {
        _kernel = AddWeight("kernel", [.. _kernelSize, _filters, Known(input[ChannelAxis.Of(_channelsFirst)], "channel axis")]);
        _bias = _useBias ? AddWeight("bias", [_filters]) : null;
    }

    protected override Structure Call(LayerCall call)
    {
        GraphBuilder g = call.Graph;
        Value x = ChannelAxis.ToLast(g, call.FloatingInput, _channelsFirst);
        Value y = _outputSize is null
            ? g.ConvTranspose(
                x,
                call.Weight(_kernel!),
                call.WeightOrNull(_bias),
                _strides,
                _dilations,
                _padding == "valid" ? PaddingMode.Valid : PaddingMode.Same,
                _outputPadding)
            : ToSize(call, x, _outputSize);
        return new KerasTensor(_activation.Apply(g, ChannelAxis.FromLast(g, y, _channelsFirst)));
    }

    private Value ToSize(LayerCall call, Value x, int[] size)
    {
        var crop = new int[size.Length];
        var extra = new int[size.Length];
        for (int i = 0; i < size.Length; i++)
        {
            int steps = Known(x.Shape[i + 1], $"axis {i + 1}");
            int full = ((steps - 1) * _strides[i]) + _kernelSize[i];
            crop[i] = _padding switch
            {
                "valid" => 0,
                "same" => Math.Max(full - size[i], 0) / 2,
                _ => _kernelSize[i] / 2,
            };
            extra[i] = size[i] - (steps * _strides[i]);
        }

        var op = new ConvTranspose(_strides, _dilations, crop, extra);
        return call.Graph.Apply(op, x, call.Weight(_kernel!), call.WeightOrNull(_bias));
    }
}
