using KerasCompat.Runtime;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Layers;

/// <summary>
/// Attention with as many heads for key and value as for the query: query <c>(batch, T, d)</c>, value <c>(batch, S, d')</c>, key
/// <c>(batch, S, d'')</c> → <c>(batch, T, output)</c>; formula, masks and arguments at <see cref="HeadAttention"/>.
/// </summary>
/// <remarks>
/// Config: <c>num_heads</c> N, <c>key_dim</c> H, <c>value_dim</c> V (H), <c>output_shape</c> (d), <c>attention_axes</c> (all between the
/// first and the last). Weights, kernel and bias of each projection: <c>query</c> (d, N, H), (N, H); <c>key</c> (d'', N, H), (N, H);
/// with use_gate <c>gate</c> (d, N, V), (N, V); <c>value</c> (d', N, V), (N, V); <c>attention_output</c> (N, V, output), (output).
/// The argument <c>query_mask</c> counts only with <c>reads_query_mask</c> (Keras 3.0 to 3.7).
/// </remarks>
internal sealed class MultiHeadAttention : HeadAttention
{
    private readonly int _heads;
    private readonly int _valueSize;
    private readonly int[]? _outputShape;
    private readonly int[]? _axes;

    public MultiHeadAttention(LayerConfig config)
        : base(config)
    {
        _heads = config.Int("num_heads");
        HeadSize = config.Int("key_dim");
        _valueSize = config.Int("value_dim", HeadSize);
        _outputShape = List(config, "output_shape");
        _axes = List(config, "attention_axes");
        ReadsQueryMask = config.Bool("reads_query_mask", false);
    }

    protected override int HeadSize { get; }

    protected override bool ReadsQueryMask { get; }

    protected override int[] AttentionAxes(int rank) => _axes is null ? base.AttentionAxes(rank) : [.. _axes.Select(a => a < 0 ? a + rank : a)];

    protected override IEnumerable<Sublayer> MakeProjections(SymbolicShape query, SymbolicShape value, SymbolicShape key)
    {
        yield return ToHeads("query", query, HeadSize);
        yield return ToHeads("key", key, HeadSize);
        if (UseGate)
        {
            yield return ToHeads("gate", query, _valueSize);
        }

        yield return ToHeads("value", value, _valueSize);
        int[] output = _outputShape ?? [Known(query[-1], "last axis of the query")];
        (string equation, string made) = HeadEquations.Projection(query.Rank - 1, 2, output.Length);
        yield return Projection("output", equation, made, [.. Enumerable.Repeat((int?)null, query.Rank - 2), .. output.Select(d => (int?)d)], hasProperty: true);
    }

    private Sublayer ToHeads(string role, SymbolicShape input, int size)
    {
        (string equation, string made) = HeadEquations.Projection(input.Rank - 1, 1, 2);
        return Projection(role, equation, made, [.. Enumerable.Repeat((int?)null, input.Rank - 2), _heads, size], hasProperty: role != "gate");
    }

    private static int[]? List(LayerConfig config, string key) => config.Token(key) switch
    {
        null => null,
        JValue { Value: long single } => [(int)single],
        JArray list => [.. list.Select(i => (int)i)],
        var other => throw config.Wrong(key, other, "an integer or a list of integers"),
    };
}
