using KerasCompat.Runtime;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Layers;

/// <summary><c>y = (x − mean) / max(√variance, 1e-7)</c>; inverted <c>y = mean + x · max(√variance, 1e-7)</c>.</summary>
/// <remarks>
/// Config: <c>axis</c> (−1; axes that have statistics of their own, null for none), <c>mean</c>, <c>variance</c>, <c>invert</c>.
/// Weights, only where the config gives no mean: <c>mean</c>, <c>variance</c> (sizes of the kept axes), <c>count</c> (). The mask passes
/// through.
/// </remarks>
internal sealed class Normalization : Layer
{
    /// <summary>Keras's <c>backend.epsilon()</c>.</summary>
    private const double Epsilon = 1e-7;

    private readonly int[] _axes;
    private readonly JToken? _givenMean;
    private readonly JToken? _givenVariance;
    private readonly bool _invert;
    private Weight? _mean;
    private Weight? _variance;

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
            AddWeight("count", [], trainable: false, DType.Int64);
        }
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
