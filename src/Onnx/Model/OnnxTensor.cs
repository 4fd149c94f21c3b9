using System.Globalization;
using System.Text;
using KerasCompat.Onnx.Protobuf;
using KerasCompat.Runtime;

namespace KerasCompat.Onnx.Model;

/// <summary>A named tensor in a model: ONNX's TensorProto.</summary>
/// <param name="Name">The name by which nodes read it; empty for an attribute.</param>
/// <param name="Value">The elements.</param>
internal sealed record OnnxTensor(string Name, Tensor Value)
{
    private const int Dims = 1, DataType = 2, StringData = 6, NameField = 8, RawData = 9, ExternalData = 13, DataLocation = 14;
    private const int EntryKey = 1, EntryValue = 2, External = 1;

    /// <summary>Where the elements lie, if in a file of their own.</summary>
    public ExternalPlace? Place { get; init; }

    public void Write(ProtoWriter writer)
    {
        foreach (int size in Value.Shape)
        {
            writer.Integer(Dims, size);
        }

        writer.Integer(DataType, OnnxElementType.Of(Value.DType));
        writer.Text(NameField, Name);
        if (Value is Tensor<string> texts)
        {
            foreach (string text in texts.Span)
            {
                writer.Bytes(StringData, Encoding.UTF8.GetBytes(text));
            }
        }
        else if (Place is { } place)
        {
            Entry("location", place.File);
            Entry("offset", place.Offset.ToString(CultureInfo.InvariantCulture));
            Entry("length", Value.Bytes.Length.ToString(CultureInfo.InvariantCulture));
            writer.Integer(DataLocation, External);
        }
        else
        {
            writer.Bytes(RawData, Value);
        }

        void Entry(string key, string value) => writer.Message(ExternalData, entry =>
        {
            entry.Text(EntryKey, key);
            entry.Text(EntryValue, value);
        });
    }
}

/// <summary>A place in a file beside the model.</summary>
/// <param name="File">The file's name.</param>
/// <param name="Offset">Where the elements begin.</param>
internal sealed record ExternalPlace(string File, long Offset);
