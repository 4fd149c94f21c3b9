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
    private readonly int _groups;
    private readonly ConvolutionSettings _settings;
    private Weight? _kernel;
    private Weight? _bias;

    protected BaseConv(LayerConfig config, int rank)
        : base(config)
    {
        _filters = config.Int("filters");
        _settings = ConvolutionSettings.Read(config, rank);
        _groups = config.Int("groups", 1);
    }

    public override IReadOnlyList<Sublayer> Sublayers => _settings.Activation.Sublayers;

    protected internal override MaskRule MaskRule => MaskRule.Drops;

    protected override void Build(SymbolicShape input)
    {
        int channels = Known(input[ChannelAxis.Of(_settings.ChannelsFirst)], "channel axis");
        if (_groups < 1 || channels % _groups != 0 || _filters % _groups != 0)
        {
            throw Config.Wrong("groups", $"{_groups} groups of {channels} channels and {_filters} filters", "a number that divides both");
        }

        _kernel = AddWeight("kernel", [.. _settings.KernelSize, channels / _groups, _filters]);
        _bias = _settings.UseBias ? AddWeight("bias", [_filters]) : null;
    }

    protected override Structure Call(LayerCall call)
    {
        GraphBuilder g = call.Graph;
        Value x = ChannelAxis.ToLast(g, call.FloatingInput, _settings.ChannelsFirst);
        int window = _settings.KernelSize.Length + 1;
        Dim[] batch = [.. x.Shape.Take(x.Rank - window)];
        bool folds = batch.Length > 1 && !_settings.ChannelsFirst;
        Value flat = folds ? g.Reshape(x, new SymbolicShape([Dim.Product(batch), .. x.Shape.Skip(batch.Length)])) : x;
        Value y = g.Conv(flat, call.Weight(_kernel!), call.WeightOrNull(_bias), _settings.Strides, _settings.Dilations, _settings.Padding, _groups);
        Value unfolded = folds ? g.Reshape(y, new SymbolicShape([.. batch, .. y.Shape.Skip(1)])) : y;
        return new KerasTensor(_settings.Activation.Apply(g, ChannelAxis.FromLast(g, unfolded, _settings.ChannelsFirst)));
    }
}
