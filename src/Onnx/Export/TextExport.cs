using KerasCompat.Runtime;

namespace KerasCompat.Onnx.Export;

/// <summary>Tables from texts or integers to indices: LabelEncoder of the machine learning operators.</summary>
internal static class TextExport
{
    public static IEnumerable<OnnxEntry> Entries => [];
}
