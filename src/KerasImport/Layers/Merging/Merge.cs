using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>Combines several inputs element by element. Shapes broadcast; missing axes are inserted after the batch.</summary>
/// <remarks>
/// Config: <c>mask_rule</c>. Weights: none. With the rule <c>or</c> (Keras 3.4 and later) the masks are joined by or, and there is none
/// where an input has none; with <c>and</c> (before) they are joined by and, and inputs without one do not count.
/// </remarks>
internal abstract class Merge : Layer
{
    private readonly string _maskRule;

    protected Merge(LayerConfig config)
        : base(config) => _maskRule = config.OneOf("mask_rule", "or", "or", "and");

    protected internal override MaskRule MaskRule => MaskRule.Computes;

    protected sealed override Structure Call(LayerCall call)
    {
        GraphBuilder g = call.Graph;
        IReadOnlyList<KerasTensor> inputs = call.Inputs;
        if (inputs.Count == 0)
        {
            throw call.Fail("no tensors", "the tensors to merge");
        }

        int rank = inputs.Max(t => t.Shape.Rank);
        Value[] values = [.. inputs.Select(t => WithRank(g, t.Value, rank))];
        return new KerasTensor(Combine(g, values), MaskOf(g, inputs));
    }

    /// <summary>The result for values of equal rank.</summary>
    protected abstract Value Combine(GraphBuilder g, IReadOnlyList<Value> inputs);

    private static Value WithRank(GraphBuilder g, Value x, int rank) => x.Rank == rank
        ? x
        : g.Reshape(x, new SymbolicShape([x.Shape[0], .. Enumerable.Repeat(Dim.One, rank - x.Rank), .. x.Shape.Skip(1)]));

    private Value? MaskOf(GraphBuilder g, IReadOnlyList<KerasTensor> inputs)
    {
        Value[] masks = [.. inputs.Select(t => t.Mask).OfType<Value>()];
        return _maskRule == "or"
            ? masks.Length < inputs.Count ? null : masks.Aggregate(g.Or)
            : masks.Length == 0 ? null : masks.Aggregate(g.And);
    }
}
