using System.Globalization;
using KerasCompat.Runtime;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Layers;

/// <summary>The index of each text in a vocabulary, or the text of each index; see <see cref="IndexLookup{TKey}"/>.</summary>
/// <remarks>With several indices for unknown texts Fingerprint64, or SipHash-2-4 with a salt, picks one.</remarks>
internal sealed class StringLookup(LayerConfig config) : IndexLookup<string>(config, "[UNK]")
{
    protected override IComparer<string> Order => Utf8Order.Instance;

    protected override string[] Keys(Tensor batch) => batch.DType == DType.String
        ? batch.As<string>().ToArray()
        : [.. batch.Cast(DType.Int64).As<long>().ToArray().Select(n => n.ToString(CultureInfo.InvariantCulture))];

    protected override string Parse(JToken token) => token is JValue { Value: { } value }
        ? System.Convert.ToString(value, CultureInfo.InvariantCulture)!
        : throw Config.Wrong("vocabulary", token, "texts");

    protected override Value Keys(GraphBuilder g, Value x) => x.DType == DType.String ? x : g.IntegerToText(x);

    protected override Value Find(GraphBuilder g, Value keys, LookupTable<string> table, long? otherwise) => g.LookupText(keys, table, otherwise);

    protected override Value Bucket(GraphBuilder g, Value keys, int buckets) => g.HashText(keys, buckets, Salt);

    protected override Tensor Constant(string[] tokens) => Tensor.From(tokens, tokens.Length);
}
