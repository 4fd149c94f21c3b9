using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>Lays the inputs one after another along an axis.</summary>
/// <remarks>
/// Config: <c>axis</c> (−1), <c>mask_rule</c>. Weights: none. There is a mask where an input has one; an input without counts as all
/// true. The masks are concatenated like the inputs; along the last axis, which masks lack, they are joined by or with the rule
/// <c>any</c> (Keras 3.4 and later), by and with <c>all</c> (before Keras 3). With <c>none</c> (Keras 3.0 to 3.3) there is no mask.
/// </remarks>
internal sealed class Concatenate : Layer
{
    private readonly int _axis;
    private readonly string _maskRule;

    public Concatenate(LayerConfig config)
        : base(config)
    {
        _axis = config.Int("axis", -1);
        _maskRule = config.OneOf("mask_rule", "any", "any", "all", "none");
    }

    protected internal override MaskRule MaskRule => MaskRule.Computes;

    // Along axis 1 rows would be joined to rows, of other lengths.
    protected internal override RaggedRule RaggedRuleOf(int rank) => (_axis < 0 ? _axis + rank : _axis) > 1 ? RaggedRule.Passes : RaggedRule.Refuses;

    protected override Structure Call(LayerCall call)
    {
        GraphBuilder g = call.Graph;
        IReadOnlyList<KerasTensor> inputs = call.Inputs;
        int rank = inputs[0].Shape.Rank;
        int axis = _axis < 0 ? _axis + rank : _axis;
        if (axis < 0 || axis >= rank)
        {
            throw Config.Wrong("axis", _axis, $"an axis of inputs of rank {rank}");
        }

        return new KerasTensor(g.Concat([.. inputs.Select(t => t.Value)], axis), _maskRule == "none" || inputs.All(t => t.Mask is null) ? null : MaskOf(call, inputs, axis));
    }

    private Value MaskOf(LayerCall call, IReadOnlyList<KerasTensor> inputs, int axis)
    {
        GraphBuilder g = call.Graph;
        bool any = _maskRule == "any";
        int rank = inputs[0].Shape.Rank;
        Value[] masks = [.. inputs.Select(t => t.Mask ?? g.Expand(g.Scalar(1, DType.Bool), t.Shape.Without(-1)))];
        if (masks.All(m => m.Rank == rank - 1))
        {
            return axis < rank - 1 ? g.Concat(masks, axis)
                : any ? masks.Aggregate(g.Or)
                : masks.Aggregate(g.And);
        }

        Value[] whole = [.. masks.Zip(inputs, (m, t) => m.Rank == rank ? m
            : m.Rank == rank - 1 ? g.Expand(g.ExpandDims(m, -1), t.Shape)
            : throw call.Fail($"a mask of shape {m.Shape}", $"a mask that fits an input of shape {t.Shape}"))];
        Value joined = g.Concat(whole, axis);
        return any ? g.ReduceAny(joined, [-1]) : g.ReduceAll(joined, [-1]);
    }
}
