using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>Combines several inputs element by element. Shapes broadcast; missing axes are inserted after the batch.</summary>
/// <remarks>
/// Config: <c>mask_rule</c>. Weights: none. With the rule <c>or</c> (Keras 3.4 and later) the masks are joined by or, and there is none
/// where an input has none; with <c>and</c> (before Keras 3) they are joined by and, and inputs without one do not count; with
/// <c>none</c> (Keras 3.0 to 3.3) there is none. With <c>or</c> the masks also decide what Multiply, Maximum and Minimum combine.
/// </remarks>
internal abstract class Merge : Layer
{
    private readonly string _maskRule;

    protected Merge(LayerConfig config)
        : base(config) => _maskRule = config.OneOf("mask_rule", "or", "or", "and", "none");

    protected internal override MaskRule MaskRule => MaskRule.Computes;

    protected internal override RaggedRule RaggedRuleOf(int rank) => RaggedRule.Passes;

    protected sealed override Structure Call(LayerCall call)
    {
        GraphBuilder g = call.Graph;
        IReadOnlyList<KerasTensor> inputs = call.Inputs;
        if (inputs.Count < 2)
        {
            throw call.Fail($"{inputs.Count} input", "two inputs or more");
        }

        int rank = inputs.Max(t => t.Shape.Rank);
        return new KerasTensor(Combine(g, [.. inputs.Select(t => Prepared(g, t, rank))]), MaskOf(g, inputs));
    }

    /// <summary>The result for values of equal rank. Masks are those that decide what is combined, with an axis for the features.</summary>
    protected abstract Value Combine(GraphBuilder g, IReadOnlyList<KerasTensor> inputs);

    /// <summary>A pair at a time: of a masked element the other input's counts.</summary>
    protected static Value ByMask(GraphBuilder g, IReadOnlyList<KerasTensor> inputs, Func<Value, Value, Value> combine) => inputs.Aggregate((a, b) =>
    {
        Value second = b.Mask is null ? b.Value : g.Where(b.Mask, b.Value, a.Value);
        Value first = a.Mask is null ? a.Value : g.Where(a.Mask, a.Value, second);
        return new KerasTensor(combine(first, second), a.Mask is null || b.Mask is null ? null : g.Or(a.Mask, b.Mask));
    }).Value;

    private KerasTensor Prepared(GraphBuilder g, KerasTensor x, int rank)
    {
        if (x.Shape.Rank < rank)
        {
            return new KerasTensor(g.Reshape(x.Value, new SymbolicShape([x.Shape[0], .. Enumerable.Repeat(Dim.One, rank - x.Shape.Rank), .. x.Shape.Skip(1)])));
        }

        return x with { Mask = _maskRule == "or" && x.Mask is { } mask ? g.ExpandDims(mask, -1) : null };
    }

    private Value? MaskOf(GraphBuilder g, IReadOnlyList<KerasTensor> inputs)
    {
        Value[] masks = [.. inputs.Select(t => t.Mask).OfType<Value>()];
        return _maskRule switch
        {
            "or" => masks.Length < inputs.Count ? null : masks.Aggregate(g.Or),
            "and" => masks.Length == 0 ? null : masks.Aggregate(g.And),
            _ => null,
        };
    }
}
