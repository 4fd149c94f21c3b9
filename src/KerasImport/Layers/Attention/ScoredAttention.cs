using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>
/// Attention of one head: <c>y = softmax(scores(q, k))·v</c>, from query <c>(batch, Tq, d)</c>, value <c>(batch, Tv, d')</c> and key
/// <c>(batch, Tv, d)</c> (the value where it is left out) → <c>(batch, Tq, d')</c>.
/// </summary>
/// <remarks>
/// Config: <c>causal</c> (tf.keras to 2.10; since then an argument). Called with a list [query, value, key?]; arguments:
/// <c>mask</c> [query mask, value mask], <c>use_causal_mask</c>, <c>return_attention_scores</c>. Scores of masked values are lowered by
/// 10⁹ (65504 in float16), rows of masked queries are zeros. The query's mask goes on, but for the <c>mask_rule</c> none (Keras 3.0 to
/// 3.3).
/// </remarks>
internal abstract class ScoredAttention : Layer
{
    private readonly bool _causal;
    private readonly bool _masksOutput;

    protected ScoredAttention(LayerConfig config)
        : base(config)
    {
        _causal = config.Bool("causal", false);
        _masksOutput = config.OneOf("mask_rule", "passes", "passes", "none") == "passes";
        config.Ignore("dropout", "masked_softmax");
    }

    protected internal sealed override MaskRule MaskRule => MaskRule.Computes;

    /// <summary>The scores <c>(batch, Tq, Tv)</c>.</summary>
    protected abstract Value Scores(LayerCall call, Value query, Value key);

    protected sealed override Structure Call(LayerCall call)
    {
        GraphBuilder g = call.Graph;
        IReadOnlyList<KerasTensor> inputs = call.Inputs;
        if (inputs.Count is not (2 or 3))
        {
            throw call.Fail($"{inputs.Count} inputs", "a list of query, value and perhaps key");
        }

        (KerasTensor query, KerasTensor value) = (inputs[0], inputs[1]);
        Value key = inputs[^1].Value;
        (Value? queryMask, Value? valueMask) = Masks(call, query, value);
        Value scores = Scores(call, query.Value, key);
        Value? allowed = AttentionMask.OfKeys(g, valueMask);
        if (_causal || call.Flag(-1, "use_causal_mask"))
        {
            allowed = AttentionMask.And(g, allowed, AttentionMask.Causal(g, scores.Shape[-2], scores.Shape[-1]));
        }

        if (allowed is not null)
        {
            double lowered = scores.DType == DType.Float16 ? 65504 : 1e9;
            scores = g.Where(allowed, scores, g.Sub(scores, g.Scalar(lowered, scores.DType)));
        }

        Value weights = g.Softmax(scores, -1);
        Value y = g.MatMul(weights, value.Value);
        if (AttentionMask.OfQueries(g, queryMask) is { } rows)
        {
            y = g.Where(rows, y, g.Scalar(0, y.DType));
        }

        var output = new KerasTensor(y, _masksOutput ? queryMask : null);
        return call.Flag(-1, "return_attention_scores") ? Structure.Of([output, new KerasTensor(weights)]) : output;
    }

    private static (Value? Query, Value? Value) Masks(LayerCall call, KerasTensor query, KerasTensor value) => call.Argument(-1, "mask") switch
    {
        null => (query.Mask, value.Mask),
        Structure.Sequence { Items: [var first, var second, ..] } => (first.Tensors().FirstOrDefault()?.Value, second.Tensors().FirstOrDefault()?.Value),
        _ => throw call.Fail("a mask that is no list", "the masks of query and value"),
    };
}
