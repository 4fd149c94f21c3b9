using KerasCompat.Onnx.Model;
using KerasCompat.Runtime;

namespace KerasCompat.Onnx.Export;

/// <summary>Tables from texts or integers to indices: LabelEncoder of the machine learning operators.</summary>
/// <remarks>A key that is not in the table, where the layer has no index for such, gives −1 where Keras ends with an error.</remarks>
internal static class TextExport
{
    private const long Unknown = -1;

    public static IEnumerable<OnnxEntry> Entries =>
    [
        OnnxEntry.Of<LookupText>((n, op) => Encode(n, "keys_strings", op.Table.Entries.Keys, op.Table.Entries.Values, op.Default)),
        OnnxEntry.Of<IntegerToText>((n, _) => n.Out(n.Onnx.Cast(n.In(0), DType.String))),
        OnnxEntry.Of<LookupInteger>((n, op) => Encode(n, "keys_int64s", op.Table.Entries.Keys, op.Table.Entries.Values, op.Default)),
    ];

    private static void Encode(NodeExport n, string keyAttribute, object keys, IEnumerable<long> values, long? otherwise) => n.Out(n.Onnx.Add(
        $"{OnnxDomain.MachineLearning}:LabelEncoder",
        [n.In(0)],
        (keyAttribute, keys),
        ("values_int64s", values),
        ("default_int64", otherwise ?? Unknown)));
}
