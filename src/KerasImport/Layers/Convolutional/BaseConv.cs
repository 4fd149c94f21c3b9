using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>
/// The convolution over one to three spatial axes (a correlation: the kernel is not flipped):
/// <c>y[b, o, f] = activation(bias[f] + Σ x[b, o · stride + j · dilation − before, c] · kernel[j, c, f])</c>.
/// </summary>
/// <remarks>
/// <c>(batch, spatial…, channels)</c> → <c>(batch, new spatial…, filters)</c>; with <c>channels_first</c> the channels are axis 1, else
/// tf.keras takes any number of batch axes.
/// Config: <c>filters</c>, <c>kernel_size</c>, <c>strides</c>, <c>padding</c>, <c>data_format</c>, <c>dilation_rate</c>,
/// <c>groups</c>, <c>activation</c>, <c>use_bias</c>. Weights: <c>kernel</c> (window…, channels / groups, filters), <c>bias</c>
/// (filters). The mask is dropped.
/// </remarks>
internal abstract class BaseConv : Layer
{
    private readonly int _filters;
    private readonly int[] _kernelSize;
    private readonly int[] _strides;
    private readonly int[] _dilations;
    private readonly Padding _padding;
    private readonly bool _channelsFirst;
    private readonly int _groups;
    private readonly bool _useBias;
    private readonly ActivationFunction _activation;
    private Weight? _kernel;
    private Weight? _bias;

    protected BaseConv(LayerConfig config, int rank)
        : base(config)
    {
        _filters = config.Int("filters");
        _kernelSize = config.Ints("kernel_size", rank);
        _strides = config.Ints("strides", rank, 1);
        _dilations = config.Ints("dilation_rate", rank, 1);
        _padding = WindowPadding.OfConvolution(config, _kernelSize, _dilations);
        _channelsFirst = config.ChannelsFirst();
        _groups = config.Int("groups", 1);
        _useBias = config.Bool("use_bias", true);
        _activation = ActivationFunction.Read(config, "activation");
    }

    public override IReadOnlyList<Sublayer> Sublayers => _activation.Sublayers;

    protected internal override MaskRule MaskRule => MaskRule.Drops;

    protected override void Build(SymbolicShape input)
    {
        int channels = Known(input[ChannelAxis.Of(_channelsFirst)], "channel axis");
        if (_groups < 1 || channels % _groups != 0 || _filters % _groups != 0)
        {
            throw Config.Wrong("groups", $"{_groups} groups of {channels} channels and {_filters} filters", "a number that divides both");
        }

        _kernel = AddWeight("kernel", [.. _kernelSize, channels / _groups, _filters]);
        _bias = _useBias ? AddWeight("bias", [_filters]) : null;
    }

    protected override Structure Call(LayerCall call)
    {
        GraphBuilder g = call.Graph;
        Value x = ChannelAxis.ToLast(g, call.FloatingInput, _channelsFirst);
        int window = _kernelSize.Length + 1;
        Dim[] batch = [.. x.Shape.Take(x.Rank - window)];
        bool folds = batch.Length > 1 && !_channelsFirst;
        Value flat = folds ? g.Reshape(x, new SymbolicShape([Dim.Product(batch), .. x.Shape.Skip(batch.Length)])) : x;
        Value y = g.Conv(flat, call.Weight(_kernel!), call.WeightOrNull(_bias), _strides, _dilations, _padding, _groups);
        Value unfolded = folds ? g.Reshape(y, new SymbolicShape([.. batch, .. y.Shape.Skip(1)])) : y;
        return new KerasTensor(_activation.Apply(g, ChannelAxis.FromLast(g, unfolded, _channelsFirst)));
    }
}
