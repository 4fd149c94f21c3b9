using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary><c>y = (x − mean) / √(variance + epsilon) · gamma + beta</c>, a mean and a variance for each step of one axis.</summary>
/// <remarks>
/// Config: <c>axis</c> (−1; in tf.keras also a list), <c>epsilon</c> (1e-3), <c>center</c>, <c>scale</c>, <c>renorm</c>, <c>mode</c>; <c>momentum</c> and what
/// belongs to training is not read. Weights, each of the axis' size, or of
/// the input's rank with 1 on the other axes where there are several: <c>gamma</c>, <c>beta</c>, <c>moving_mean</c>,
/// <c>moving_variance</c>; with renorm <c>moving_stddev</c>, <c>renorm_mean</c>, <c>renorm_stddev</c> too. Computed in at least
/// float32. The mask passes through. Called with <c>training=True</c> (tf.keras), and in Keras 1's mode 2, mean and variance are the
/// batch's, of the steps that the mask keeps with <c>masked_statistics</c> (tf.keras 2.12 on) where Keras does not take TensorFlow's fused
/// operator, as it does for pictures and volumes; in Keras 1's mode 1 they are those of each example's last axis, and epsilon counts twice.
/// </remarks>
internal sealed class BatchNormalization : Layer
{
    private readonly AxisList _axes;
    private readonly double _epsilon;
    private readonly bool _center;
    private readonly bool _scale;
    private readonly bool _renorm;
    private readonly int _mode;
    private readonly bool _maskedStatistics;
    private Weight? _gamma;
    private Weight? _beta;
    private Weight? _mean;
    private Weight? _variance;

    public BatchNormalization(LayerConfig config)
        : base(config)
    {
        _axes = AxisList.Read(config);
        _epsilon = config.Double("epsilon", 1e-3);
        _center = config.Bool("center", true);
        _scale = config.Bool("scale", true);
        _renorm = config.Bool("renorm", false);
        _mode = config.Int("mode", 0);
        _maskedStatistics = config.Bool("masked_statistics", true);
        config.Ignore("momentum", "renorm_clipping", "renorm_momentum", "synchronized", "fused", "virtual_batch_size", "adjustment");
    }

    protected internal override MaskRule MaskRule => MaskRule.Passes;

    protected override void Build(SymbolicShape input)
    {
        int[] axes = _axes.Of(input.Rank);
        // With several axes the weights have all axes of the input, those that share their numbers of size 1.
        int[] size = axes is [var single]
            ? [Known(input[single], "normalised axis")]
            : [.. input.Select((d, a) => axes.Contains(a) ? Known(d, $"axis {a}") : 1)];
        _gamma = _scale ? AddWeight("gamma", size) : null;
        _beta = _center ? AddWeight("beta", size) : null;
        _mean = AddWeight("moving_mean", size, trainable: false);
        _variance = AddWeight("moving_variance", size, trainable: false);
        foreach (string name in _renorm ? ["moving_stddev", "renorm_mean", "renorm_stddev"] : Array.Empty<string>())
        {
            AddWeight(name, size, trainable: false);
        }
    }

    protected override Structure Call(LayerCall call)
    {
        GraphBuilder g = call.Graph;
        Value x = HalfPrecision.Widen(g, call.FloatingInput);
        Value? gamma = Parameter(_gamma), beta = Parameter(_beta);
        int[] axes = _axes.Of(x.Rank);
        bool fused = x.Rank is 4 or 5 && !_renorm && axes is [var channels] && (channels == 1 || channels == x.Rank - 1);
        Value y = _mode == 1
            ? ByExample(g, x, gamma!, beta!)
            : _mode == 2 || (call.Training == true && Config.Trainable)
                ? ByBatch(g, x, _maskedStatistics && !fused ? call.Mask : null, gamma, beta, axes)
                : axes is [var axis]
                    ? g.BatchNormalization(x, Parameter(_mean)!, Parameter(_variance)!, gamma, beta, axis, _epsilon)
                    : Normalize(g, x, Parameter(_mean)!, Parameter(_variance)!, gamma, beta);
        return new KerasTensor(g.Cast(y, Policy.Compute));

        Value? Parameter(Weight? weight) => weight is null ? null : g.Cast(g.Weight(weight), x.DType);
    }

    private Value ByBatch(GraphBuilder g, Value x, Value? mask, Value? gamma, Value? beta, int[] axes)
    {
        int[] others = [.. Enumerable.Range(0, x.Rank).Except(axes)];
        Value mean, variance;
        if (mask is null)
        {
            mean = g.ReduceMean(x, others, keepDims: true);
            variance = g.ReduceMean(g.Square(g.Sub(x, mean)), others, keepDims: true);
        }
        else
        {
            Value keep = g.ExpandDims(g.Cast(mask, x.DType), -1);
            // The mask lacks the channel axis, and broadcasts over the axes between.
            Value count = g.ReduceSum(g.Expand(keep, x.Shape.With(axes[0], 1)), others, keepDims: true);
            mean = g.Div(g.ReduceSum(g.Mul(x, keep), others, keepDims: true), count);
            variance = g.Div(g.ReduceSum(g.Mul(g.Square(g.Sub(x, mean)), keep), others, keepDims: true), count);
        }

        return Normalize(g, x, mean, variance, Spread(gamma), Spread(beta));

        Value? Spread(Value? weight) => weight is { Rank: 1 } ? g.Reshape(weight, mean.Shape) : weight;
    }

    /// <summary>The formula for statistics that broadcast to x.</summary>
    private Value Normalize(GraphBuilder g, Value x, Value mean, Value variance, Value? gamma, Value? beta)
    {
        Value factor = g.Rsqrt(g.Add(variance, _epsilon));
        factor = gamma is null ? factor : g.Mul(factor, gamma);
        Value shift = g.Neg(g.Mul(mean, factor));
        return g.Add(g.Mul(x, factor), beta is null ? shift : g.Add(beta, shift));
    }

    private Value ByExample(GraphBuilder g, Value x, Value gamma, Value beta)
    {
        Value epsilon = g.Scalar(_epsilon, x.DType);
        Value mean = g.ReduceMean(x, [-1], keepDims: true);
        Value variance = g.ReduceMean(g.Square(g.Sub(x, mean)), [-1], keepDims: true);
        Value deviation = g.Sqrt(g.Add(variance, epsilon));
        return g.Add(g.Mul(gamma, g.Div(g.Sub(x, mean), g.Add(deviation, epsilon))), beta);
    }
}
