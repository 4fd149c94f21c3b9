using System.Globalization;
using KerasCompat.Runtime;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Layers;

/// <summary>The index of each integer in a vocabulary, or the integer of each index; see <see cref="IndexLookup{TKey}"/>.</summary>
/// <remarks>
/// With several indices for unknown integers <c>oov_method</c> says which one it is: <c>floormod</c>, the remainder with the sign of the
/// divisor, or <c>farmhash</c>, the hash of the decimal text.
/// </remarks>
internal sealed class IntegerLookup : IndexLookup<long>
{
    private readonly bool _hashes;

    public IntegerLookup(LayerConfig config)
        : base(config, -1) => _hashes = config.OneOf("oov_method", "floormod", "floormod", "farmhash") == "farmhash";

    protected override IComparer<long> Order => Comparer<long>.Default;

    protected override long[] Keys(Tensor batch) => batch.Cast(DType.Int64).As<long>().ToArray();

    protected override long Parse(JToken token) => token switch
    {
        JValue { Value: long value } => value,
        JValue { Value: string text } when long.TryParse(text, CultureInfo.InvariantCulture, out long value) => value,
        JValue { Value: double value } when value == Math.Floor(value) => (long)value,
        _ => throw Config.Wrong("vocabulary", token, "integers"),
    };

    protected override Value Keys(GraphBuilder g, Value x) => g.Cast(x, DType.Int64);

    protected override Value Find(GraphBuilder g, Value keys, LookupTable<long> table, long? otherwise) => g.LookupInteger(keys, table, otherwise);

    protected override Value Bucket(GraphBuilder g, Value keys, int buckets) => _hashes
        ? g.HashText(g.IntegerToText(keys), buckets, Salt)
        : g.Mod(keys, g.Scalar(buckets, DType.Int64));

    protected override Tensor Constant(long[] tokens) => Tensor.From(tokens, tokens.Length);
}
