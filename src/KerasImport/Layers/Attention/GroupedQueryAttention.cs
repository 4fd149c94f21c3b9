using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>
/// Attention whose query heads share heads of key and value in groups (Ainslie et al. 2023): query <c>(batch, T, d)</c>, value and key
/// <c>(batch, S, d)</c> → <c>(batch, T, d)</c>; query head j uses head <c>j / (Nq / Nk)</c> of key and value. Formula, masks and
/// arguments at <see cref="HeadAttention"/>. In configs its class is <c>GroupQueryAttention</c>, in weight files <c>GroupedQueryAttention</c>.
/// </summary>
/// <remarks>
/// Config: <c>head_dim</c> h, <c>num_query_heads</c> Nq, <c>num_key_value_heads</c> Nk. Weights, kernel and bias of each projection:
/// <c>query</c> (d, Nq, h), (Nq, h); <c>key</c> (d, Nk, h), (Nk, h); with use_gate <c>gate</c> as query; <c>value</c> as key;
/// <c>attention_output</c> (Nq, h, d), (d).
/// </remarks>
internal sealed class GroupedQueryAttention : HeadAttention
{
    private readonly int _queryHeads;
    private readonly int _keyHeads;

    public GroupedQueryAttention(LayerConfig config)
        : base(config.For("GroupedQueryAttention", config.Name))
    {
        HeadSize = config.Int("head_dim");
        _queryHeads = config.Int("num_query_heads");
        _keyHeads = config.Int("num_key_value_heads");
        if (_queryHeads % _keyHeads != 0)
        {
            throw config.Wrong("num_query_heads", _queryHeads, $"a multiple of the {_keyHeads} key and value heads");
        }
    }

    protected override int HeadSize { get; }

    protected override int Repeats => _queryHeads / _keyHeads;

    protected override bool ReadsQueryMask => true;

    protected override IEnumerable<Sublayer> MakeProjections(SymbolicShape query, SymbolicShape value, SymbolicShape key)
    {
        yield return Projection("query", "bqm,muh->bquh", "uh", [null, _queryHeads, HeadSize], hasProperty: false);
        yield return Projection("key", "bkm,mvh->bkvh", "vh", [null, _keyHeads, HeadSize], hasProperty: false);
        if (UseGate)
        {
            yield return Projection("gate", "bqm,muh->bquh", "uh", [null, _queryHeads, HeadSize], hasProperty: false);
        }

        yield return Projection("value", "bkm,mvh->bkvh", "vh", [null, _keyHeads, HeadSize], hasProperty: false);
        yield return Projection("output", "bquh,uhm->bqm", "m", [null, Known(query[-1], "last axis of the query")], hasProperty: false);
    }
}
