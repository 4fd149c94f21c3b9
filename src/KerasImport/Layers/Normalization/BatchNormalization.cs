using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary><c>y = (x − mean) / √(variance + epsilon) · gamma + beta</c>, a mean and a variance for each step of one axis.</summary>
/// <remarks>
/// Config: <c>axis</c> (−1), <c>epsilon</c> (1e-3), <c>center</c>, <c>scale</c>, <c>renorm</c>, <c>mode</c>; <c>momentum</c> and what
/// belongs to training is not read. Weights, each of the axis' size: <c>gamma</c>, <c>beta</c>, <c>moving_mean</c>,
/// <c>moving_variance</c>; with renorm <c>moving_stddev</c>, <c>renorm_mean</c>, <c>renorm_stddev</c> too. Computed in at least
/// float32. The mask passes through. Called with <c>training=True</c> (tf.keras), and in Keras 1's mode 2, mean and variance are the
/// batch's; in Keras 1's mode 1 they are those of each example's last axis, and epsilon counts twice.
/// </remarks>
internal sealed class BatchNormalization : Layer
{
    private readonly int _axis;
    private readonly double _epsilon;
    private readonly bool _center;
    private readonly bool _scale;
    private readonly bool _renorm;
    private readonly int _mode;
    private Weight? _gamma;
    private Weight? _beta;
    private Weight? _mean;
    private Weight? _variance;

    public BatchNormalization(LayerConfig config)
        : base(config)
    {
        _axis = config.Int("axis", -1);
        _epsilon = config.Double("epsilon", 1e-3);
        _center = config.Bool("center", true);
        _scale = config.Bool("scale", true);
        _renorm = config.Bool("renorm", false);
        _mode = config.Int("mode", 0);
        config.Ignore("momentum", "renorm_clipping", "renorm_momentum", "synchronized", "fused", "virtual_batch_size", "adjustment");
    }

    protected internal override MaskRule MaskRule => MaskRule.Passes;

    protected override void Build(SymbolicShape input)
    {
        int size = Known(input[_axis], "normalised axis");
        _gamma = _scale ? AddWeight("gamma", [size]) : null;
        _beta = _center ? AddWeight("beta", [size]) : null;
        _mean = AddWeight("moving_mean", [size], trainable: false);
        _variance = AddWeight("moving_variance", [size], trainable: false);
        foreach (string name in _renorm ? ["moving_stddev", "renorm_mean", "renorm_stddev"] : Array.Empty<string>())
        {
            AddWeight(name, [size], trainable: false);
        }
    }

    protected override Structure Call(LayerCall call)
    {
        GraphBuilder g = call.Graph;
        Value x = HalfPrecision.Widen(g, call.FloatingInput);
        Value? gamma = Parameter(_gamma), beta = Parameter(_beta);
        Value y = _mode == 1
            ? ByExample(g, x, gamma!, beta!)
            : _mode == 2 || (call.Training == true && Config.Trainable)
                ? ByBatch(g, x, call.Mask, gamma, beta)
                : g.BatchNormalization(x, Parameter(_mean)!, Parameter(_variance)!, gamma, beta, _axis, _epsilon);
        return new KerasTensor(g.Cast(y, Policy.Compute));

        Value? Parameter(Weight? weight) => weight is null ? null : g.Cast(g.Weight(weight), x.DType);
    }

    private Value ByBatch(GraphBuilder g, Value x, Value? mask, Value? gamma, Value? beta)
    {
        int axis = _axis < 0 ? _axis + x.Rank : _axis;
        int[] others = [.. Enumerable.Range(0, x.Rank).Where(a => a != axis)];
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
            Value count = g.ReduceSum(g.Expand(keep, x.Shape.With(axis, 1)), others, keepDims: true);
            mean = g.Div(g.ReduceSum(g.Mul(x, keep), others, keepDims: true), count);
            variance = g.Div(g.ReduceSum(g.Mul(g.Square(g.Sub(x, mean)), keep), others, keepDims: true), count);
        }

        return g.BatchNormalization(x, g.Reshape(mean, x.Shape[axis]), g.Reshape(variance, x.Shape[axis]), gamma, beta, axis, _epsilon);
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
