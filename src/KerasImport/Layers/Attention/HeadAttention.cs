using KerasCompat.Runtime;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Layers;

/// <summary>
/// Attention of several heads (Vaswani et al. 2017): query, key and value are projected to heads, each head attends, and the heads are
/// projected together: <c>y = W_o·softmax(q·kᵀ/√d)·v</c>.
/// </summary>
/// <remarks>
/// Config: <c>use_bias</c>, <c>use_gate</c> (the heads are multiplied by <c>sigmoid(W_g·query)</c> before the last projection),
/// <c>sliding_window</c>, <c>dropout</c>, <c>masked_softmax</c>, <c>automatic_mask</c> (false to tf.keras 2.9: masks that travel do not
/// count, and none goes on). Arguments: <c>value</c>, <c>key</c> (the value where left out), <c>query_mask</c>, <c>value_mask</c>, <c>key_mask</c>,
/// <c>attention_mask</c>, <c>use_causal_mask</c>, <c>return_attention_scores</c>. The query's mask goes on else.
/// Keras has two ways to the same formula. Without dropout, for sequences, and if the scores are not asked for, masked scores become a
/// large negative number, so that a row masked whole is attended to evenly; else <see cref="MaskedSoftmax"/> decides.
/// </remarks>
internal abstract class HeadAttention : Layer
{
    // 0.7 times the largest bfloat16, rounded as Keras writes it.
    internal const double LargeNegative = 3.38953e38 * -0.7;

    private readonly MaskedSoftmax _softmax;
    private readonly int? _window;
    private readonly bool _explicit;
    private readonly bool _automaticMask;
    private Sublayer[]? _projections;

    protected HeadAttention(LayerConfig config)
        : base(config)
    {
        _softmax = MaskedSoftmax.Read(config);
        _window = config.IntOrNull("sliding_window");
        _explicit = config.Double("dropout", 0) > 0;
        _automaticMask = config.Bool("automatic_mask", true);
        UseBias = config.Bool("use_bias", true);
        UseGate = config.Bool("use_gate", false);
        config.Ignore("flash_attention");
    }

    public sealed override IReadOnlyList<Sublayer> Sublayers => _projections ?? [];

    protected internal sealed override MaskRule MaskRule => MaskRule.Computes;

    protected bool UseBias { get; }

    protected bool UseGate { get; }

    /// <summary>Number of query heads for each head of key and value.</summary>
    protected virtual int Repeats => 1;

    /// <summary>Whether the argument <c>query_mask</c> counts; else only the mask that travels with the query does.</summary>
    protected abstract bool ReadsQueryMask { get; }

    /// <summary>The axes of the query that are attended over.</summary>
    protected virtual int[] AttentionAxes(int rank) => [.. Enumerable.Range(1, rank - 2)];

    /// <summary>The size of a head's query, whose root divides the scores.</summary>
    protected abstract int HeadSize { get; }

    /// <summary>The projections in the order Keras makes them.</summary>
    protected abstract IEnumerable<Sublayer> MakeProjections(SymbolicShape query, SymbolicShape value, SymbolicShape key);

    protected sealed override Structure Call(LayerCall call)
    {
        GraphBuilder g = call.Graph;
        KerasTensor query = call.Inputs[0];
        KerasTensor value = call.Tensor(1, "value") ?? throw call.Fail("no argument \"value\"", "a value to attend to");
        KerasTensor? givenKey = call.Tensor(2, "key");
        KerasTensor key = givenKey ?? value;
        bool returnScores = call.Flag(-1, "return_attention_scores");
        _projections ??= [.. MakeProjections(query.Shape, value.Shape, key.Shape)];
        int[] axes = AttentionAxes(query.Shape.Rank);
        Value? allowed = Allowed(call, query, value, givenKey);

        Value? gate = UseGate ? Project("gate", query) : null;
        Value q = Project("query", query), k = Repeated(g, Project("key", key)), v = Repeated(g, Project("value", value));
        HeadEquations equations = HeadEquations.Of(q.Rank, axes);
        Value scale = g.Scalar(1 / Math.Sqrt(HeadSize), q.DType);
        Value weights;
        if (_explicit || returnScores || q.Rank != 4)
        {
            Value scores = g.Einsum(equations.Scores, k, g.Mul(q, scale));
            weights = _softmax.Apply(g, scores, Expanded(g, allowed, scores.Rank, axes.Length), [.. Enumerable.Range(scores.Rank - axes.Length, axes.Length)]);
        }
        else
        {
            DType precise = q.DType == DType.Float64 ? DType.Float64 : DType.Float32;
            Value scores = g.Mul(g.Cast(g.Einsum(equations.Scores, k, q), precise), g.Cast(scale, precise));
            Value? mask = Expanded(g, allowed, scores.Rank, axes.Length);
            scores = mask is null ? scores : g.Where(mask, scores, g.Scalar(LargeNegative, precise));
            weights = g.Cast(g.Softmax(scores, -1), q.DType);
        }

        Value heads = g.Einsum(equations.Sums, weights, v);
        heads = gate is null ? heads : g.Mul(heads, gate);
        var output = new KerasTensor(Project("output", new KerasTensor(heads)), _automaticMask ? query.Mask : null);
        return returnScores ? Structure.Of([output, new KerasTensor(weights)]) : output;

        Value Project(string name, KerasTensor x) => _projections.Single(p => p.Layer.Name == NameOf(name)).Layer.Invoke(g, x with { Mask = null }).Value;
    }

    /// <summary>A projection as a layer of its own.</summary>
    protected Sublayer Projection(string role, string equation, string biasAxes, IEnumerable<int?> outputShape, bool hasProperty)
    {
        var config = new JObject
        {
            ["equation"] = equation,
            ["output_shape"] = new JArray(outputShape.Select(d => d is { } size ? new JValue((long)size) : JValue.CreateNull())),
            ["activation"] = role == "gate" ? "sigmoid" : "linear",
            ["bias_axes"] = UseBias ? biasAxes : string.Empty,
        };
        if (Config.Json["config"]?["dtype"] is { } policy)
        {
            config["dtype"] = policy.DeepClone();
        }

        var json = new JObject { ["kind"] = "layer", ["class_name"] = "EinsumDense", ["name"] = NameOf(role), ["config"] = config };
        string attribute = $"{role}_dense";
        Layer layer = Config.Factory.Create(json, $"{Config.Place}.{attribute}");
        return hasProperty ? new Sublayer(attribute, layer, $"_{attribute}") : new Sublayer($"_{attribute}", layer);
    }

    private static string NameOf(string role) => role == "output" ? "attention_output" : role;

    private Value? Allowed(LayerCall call, KerasTensor query, KerasTensor value, KerasTensor? key)
    {
        GraphBuilder g = call.Graph;
        Value? queryMask = call.Tensor(-1, "query_mask")?.Value;
        Value? automatic = AttentionMask.OfQueries(g, ReadsQueryMask ? queryMask ?? Travelling(query) : Travelling(query));
        automatic = AttentionMask.And(g, automatic, AttentionMask.OfKeys(g, call.Tensor(-1, "value_mask")?.Value ?? Travelling(value)));
        automatic = AttentionMask.And(g, automatic, AttentionMask.OfKeys(g, call.Tensor(-1, "key_mask")?.Value ?? Travelling(key)));
        (Dim queries, Dim keys) = (query.Shape[1], value.Shape[1]);
        if (call.Flag(-1, "use_causal_mask"))
        {
            automatic = AttentionMask.And(g, automatic, AttentionMask.Causal(g, queries, keys));
        }

        if (_window is { } window)
        {
            automatic = AttentionMask.And(g, automatic, AttentionMask.Window(g, queries, keys, window));
        }

        Value? given = call.Tensor(-1, "attention_mask")?.Value;
        return AttentionMask.And(g, automatic, given is null ? null : g.Cast(given, DType.Bool));

        Value? Travelling(KerasTensor? tensor) => _automaticMask ? tensor?.Mask : null;
    }

    /// <summary>The mask with an axis for the heads, and for what else comes before the axes attended over.</summary>
    private static Value? Expanded(GraphBuilder g, Value? mask, int rank, int axes)
    {
        while (mask is not null && mask.Rank < rank)
        {
            mask = g.ExpandDims(mask, -(axes * 2) - 1);
        }

        return mask;
    }

    private Value Repeated(GraphBuilder g, Value x) => Repeats == 1 ? x : g.Repeat(x, 2, Repeats);
}
