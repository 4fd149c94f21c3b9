using KerasCompat.Runtime;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Layers;

/// <summary><c>y = (x − mean) / max(√variance, 1e-7)</c>; inverted <c>y = mean + x · max(√variance, 1e-7)</c>.</summary>
/// <remarks>
/// Config: <c>axis</c> (−1; axes that have statistics of their own, null for none), <c>mean</c>, <c>variance</c>, <c>invert</c>.
/// Weights, only where the config gives no mean: <c>mean</c>, <c>variance</c> (sizes of the kept axes), <c>count</c> (). The mask passes
/// through. Adapted, it takes the mean and variance of the data along the other axes; <c>count</c> stays 0, as in Keras 3.
/// </remarks>
internal sealed class Normalization : Layer, IAdaptiveLayer
{
    /// <summary>Keras's <c>backend.epsilon()</c>.</summary>
    private const double Epsilon = 1e-7;

    private readonly int[] _axes;
    private readonly JToken? _givenMean;
    private readonly JToken? _givenVariance;
    private readonly bool _invert;
    private Weight? _mean;
    private Weight? _variance;
    private Moments? _learnt;

    public Normalization(LayerConfig config)
        : base(config)
    {
        _axes = config.Token("axis") switch
        {
            null when config.Json["config"]?["axis"] is null => [-1],
            null => [],
            JValue { Value: long axis } => [(int)axis],
            JArray axes when axes.All(a => a.Type == JTokenType.Integer) => [.. axes.Select(a => (int)a)],
            var other => throw config.Wrong("axis", other, "an axis, a list of axes, or null"),
        };
        _givenMean = config.Token("mean");
        _givenVariance = config.Token("variance");
        _invert = config.Bool("invert", false);
        if (_givenMean is null != _givenVariance is null)
        {
            throw config.Wrong(_givenMean is null ? "mean" : "variance", "nothing", "mean and variance, or neither");
        }
    }

    protected internal override MaskRule MaskRule => MaskRule.Passes;

    protected override void Build(SymbolicShape input)
    {
        if (_givenMean is null)
        {
            int[] sizes = [.. Kept(input.Rank).Select(a => Known(input[a], $"axis {a}"))];
            _mean = AddWeight("mean", sizes, trainable: false);
            _variance = AddWeight("variance", sizes, trainable: false);
            Weight count = AddWeight("count", [], trainable: false, DType.Int64);
            if (_learnt is not null)
            {
                _mean.Value = _learnt.Tensor(_learnt.Mean, _mean);
                _variance.Value = _learnt.Tensor(_learnt.Variance, _variance);
                count.Value = Tensor.Scalar(0L);
            }
        }
    }

    /// <summary>Mean and variance.</summary>
    public object? State
    {
        get => _mean is { HasValue: true } && _variance is { HasValue: true }
            ? new Moments(_mean.Value.Cast(DType.Float64).As<double>().ToArray(), _variance.Value.Cast(DType.Float64).As<double>().ToArray(), _mean.Shape)
            : _learnt;
        set
        {
            _learnt = (Moments?)value;
            (_mean, _variance) = (null, null);
            Unbuild();
        }
    }

    /// <summary>Mean and variance of the data, batch by batch as Keras merges them, in float64.</summary>
    public object Learn(IEnumerable<Tensor> batches)
    {
        if (_givenMean is not null)
        {
            throw Adapting.Given(this, "mean and variance");
        }

        Moments? all = null;
        double count = 0;
        foreach (Tensor batch in batches.Where(b => b.Length > 0))
        {
            if (_axes.Any(a => a < -batch.Shape.Rank || a >= batch.Shape.Rank))
            {
                throw new ArgumentException($"{Config.Place}: the data have shape {batch.Shape}; expected the axes {string.Join(", ", _axes)} among theirs");
            }

            var next = Moments.Of(batch.Cast(DType.Float64).As<double>(), Kept(batch.Shape.Rank));
            if (all is not null && all.Shape != next.Shape)
            {
                throw new ArgumentException($"{Config.Place}: a batch of shape {batch.Shape} keeps statistics of shape {next.Shape}; those before it {all.Shape}");
            }

            double size = (double)batch.Length / next.Mean.Length;
            count += size;
            all = all is null ? next : all.Merged(next, size / count);
        }

        return all ?? throw Adapting.Nothing(this);
    }

    protected override Structure Call(LayerCall call)
    {
        GraphBuilder g = call.Graph;
        Value x = g.Cast(call.Input.Value, Policy.Compute);
        Value mean = Statistic(call, _mean, _givenMean, x.Shape);
        Value deviation = g.Maximum(g.Sqrt(Statistic(call, _variance, _givenVariance, x.Shape)), Epsilon);
        return new KerasTensor(_invert ? g.Add(mean, g.Mul(x, deviation)) : g.Div(g.Sub(x, mean), deviation));
    }

    /// <summary>The statistic with its axes where the input has them, and 1 elsewhere.</summary>
    private Value Statistic(LayerCall call, Weight? weight, JToken? given, SymbolicShape input)
    {
        GraphBuilder g = call.Graph;
        Value value = weight is not null
            ? call.Weight(weight)
            : g.Constant(JsonTensor.Read(given!, Policy.Compute, Config.Place).Cast(Policy.Compute));
        int[] kept = Kept(input.Rank);
        if (value.Rank > kept.Length)
        {
            return value;
        }

        // Axes are matched from the right: given statistics may have fewer than the layer keeps.
        var dims = Enumerable.Repeat(Dim.One, input.Rank).ToArray();
        for (int i = 1; i <= value.Rank; i++)
        {
            dims[kept[^i]] = value.Shape[-i];
        }

        return value.Rank == 0 ? value : g.Reshape(value, new SymbolicShape(dims));
    }

    private int[] Kept(int rank) => [.. _axes.Select(a => a < 0 ? a + rank : a).Order()];
}
