using KerasCompat.Runtime;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Layers;

/// <summary>The bin of each number: how many boundaries are at most as large. NaN goes to the last bin.</summary>
/// <remarks>
/// Config: <c>bin_boundaries</c> in ascending order, <c>output_mode</c> (int), <c>output_dtype</c>; <c>num_bins</c> and <c>epsilon</c>
/// (0.01) where the layer is or was adapted, <c>summary_from_increment</c> (the way before Keras 3.15 to take the values it learns from). Weights: none. The mask is dropped. The boundaries of an adapted layer are in its config; tf.keras leaves them out
/// and keeps the <see cref="QuantileSummary"/> they follow from among the weights.
/// </remarks>
internal sealed class Discretization : Layer, IStoredStateLayer, IAdaptiveLayer
{
    private readonly int? _bins;
    private readonly double _epsilon;
    private readonly bool _fromIncrement;
    private float[]? _boundaries;
    private readonly CategoricalOutput _output;
    private readonly DType _type;

    public Discretization(LayerConfig config)
        : base(config)
    {
        _boundaries = config.Token("bin_boundaries") is JArray list ? [.. list.Select(b => (float)b)] : null;
        _bins = config.IntOrNull("num_bins");
        _output = CategoricalOutput.Read(config, "int", "int", "one_hot", "multi_hot", "count");
        _type = OutputType.Read(config, DType.Int32);
        _epsilon = config.Double("epsilon", 0.01);
        _fromIncrement = config.Bool("summary_from_increment", false);
    }

    protected internal override MaskRule MaskRule => MaskRule.Drops;

    protected internal override RaggedRule RaggedRuleOf(int rank) => _output.IsIndex ? RaggedRule.Passes : RaggedRule.Refuses;

    protected override bool Autocasts => false;

    /// <summary>The numbers at which a bin begins.</summary>
    public float[] Boundaries => _boundaries ?? throw new ModelFormatException(
        Config.Place, "no bin_boundaries", "the boundaries in the config, or the summary that adapt() keeps among the weights", "adapt the layer before the model is saved");

    public void LoadState(IReadOnlyList<Tensor> arrays)
    {
        if (_boundaries is null && _bins is { } bins && arrays is [{ Shape: { Rank: 2 } shape } summary] && shape[0] == 2 && shape[1] > 0)
        {
            _boundaries = new QuantileSummary(summary.Cast(DType.Float32).As<float>()).Boundaries(bins);
            Config.Keep("bin_boundaries", new JArray(_boundaries));
        }
    }

    /// <summary>The boundaries.</summary>
    public object? State
    {
        get => _boundaries;
        set
        {
            _boundaries = (float[]?)value;
            Config.Set("bin_boundaries", _boundaries is null ? JValue.CreateNull() : new JArray(_boundaries));
            Unbuild();
        }
    }

    /// <summary>Boundaries of bins that hold about as many of the numbers each.</summary>
    public object Learn(IEnumerable<Tensor> batches)
    {
        int bins = _bins ?? throw Adapting.Given(this, "bin_boundaries");
        if (bins < 1 || _epsilon is not (> 0 and <= 1))
        {
            throw new InvalidOperationException($"{Config.Place}: num_bins {bins} and epsilon {_epsilon}; to adapt it expected num_bins of 1 or more and epsilon above 0, at most 1");
        }

        QuantileSummary summary = QuantileSummary.Empty;
        foreach (Tensor batch in batches.Where(b => b.Length > 0))
        {
            summary = QuantileSummary.Of(batch.Cast(DType.Float32).As<float>().Span, _epsilon, _fromIncrement).After(summary, _epsilon);
        }

        return summary.IsEmpty ? throw Adapting.Nothing(this) : summary.Boundaries(bins);
    }

    protected override Structure Call(LayerCall call)
    {
        GraphBuilder g = call.Graph;
        Value x = g.ExpandDims(g.Cast(call.Input.Value, DType.Float32), -1);
        // Not "greater or equal": of NaN both comparisons are false.
        Value passed = g.Not(g.Less(x, g.Constant(Tensor.From(Boundaries, Boundaries.Length))));
        Value bins = g.ReduceSum(g.Cast(passed, DType.Int64), [-1]);
        return new KerasTensor(_output.Encode(g, bins, Boundaries.Length + 1, _type));
    }
}
