using System.Text;

namespace KerasCompat.Containers;

/// <summary>Files that people take for Keras models: what they are, and what to do about it.</summary>
/// <param name="What">What the file is.</param>
/// <param name="Remedy">What to do.</param>
internal sealed record ForeignFile(string What, string? Remedy)
{
    /// <summary>How many first bytes of a file tell what it is.</summary>
    public const int Head = 4096;

    private const string Unpack = "unpack it first";
    private const string SaveFromPython = "load it in Python and save the model with model.save(\"model.keras\")";
    private const string NotAModel = "name the model file instead";

    private delegate bool Test(ReadOnlySpan<byte> head, string? text);

    /// <summary>The first test that holds wins; a test sees the first <see cref="Head"/> bytes, and the same as text where they are text.</summary>
    private static readonly (Test Is, string What, string? Remedy)[] Known =
    [
        ((head, _) => head.IsEmpty, "an empty file (0 bytes)", "copy or download it again"),
        ((head, _) => head.Length < 8 && FileForms.Hdf5Signature.StartsWith(head), "the first bytes of an HDF5 file: it is cut short", "copy or download it again"),
        ((head, _) => head.Length < 4 && "PK\x03\x04"u8.StartsWith(head), "the first bytes of a zip archive: it is cut short", "copy or download it again"),
        ((_, text) => Starts(text, "version https://git-lfs"), "a Git LFS pointer, not the file itself", "run `git lfs pull`, or download the file itself"),
        ((_, text) => IsHtml(text), "an HTML page, as a failed download leaves it", "download the file itself: use the link to the raw file, and log in where it is needed"),
        ((_, text) => Starts(text, "<?xml"), "an XML file", NotAModel),
        ((head, _) => head.StartsWith(stackalloc byte[] { 0x80, 2, 0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9 }), "a PyTorch file (torch.save)", "PyTorch models are not Keras models: convert the weights in Python"),
        ((head, _) => IsJoblib(head), "a joblib file (pickled Python objects)", "pickles are never executed: " + SaveFromPython),
        ((head, _) => head is [0x80, >= 2 and <= 5, ..] || IsTextPickle(head), "a pickle (Python objects)", "pickles are never executed: " + SaveFromPython),
        ((head, _) => head is [0x78, 0x01 or 0x5E or 0x9C or 0xDA, ..] && !IsPlainText(head), "zlib-compressed data, as joblib writes it", "pickles are never executed: " + SaveFromPython),
        ((head, _) => IsOnnx(head), "an ONNX file", "it needs no conversion: run it with ONNX Runtime"),
        ((head, _) => IsSavedModel(head), "a TensorFlow SavedModel graph (saved_model.pb)", "open the folder it lies in, by its path or zipped: the weights are files beside it"),
        ((head, _) => head is [0x0A, ..] && Has(head, "Placeholder"), "a frozen TensorFlow graph (.pb)", "its layers are gone: convert the original Keras file instead"),
        ((head, _) => head.Length > 8 && head[4..].StartsWith("TFL"u8), "a TensorFlow Lite model", "its layers are gone: convert the original Keras file instead"),
        ((_, text) => Starts(text, "model_checkpoint_path:"), "the index of a folder of TensorFlow checkpoints", "build the model in Python, call load_weights, then model.save(\"model.keras\")"),
        ((head, _) => head.StartsWith(stackalloc byte[] { 0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y' }), "a NumPy array (.npy)", "it holds numbers and no model; give it as input or as weights of a layer"),
        ((head, _) => head.Length > 9 && head[7] == 0 && head[8] == (byte)'{' && head[9] is (byte)'"' or (byte)' ', "a safetensors file", "it holds weights without an architecture, under names of another framework"),
        ((head, _) => head.StartsWith("GGUF"u8), "a GGUF file", NotAModel),
        ((head, _) => head.StartsWith("BZh"u8), "a bzip2-compressed file", Unpack),
        ((head, _) => head.StartsWith(stackalloc byte[] { 0xFD, 0x37, 0x7A, 0x58, 0x5A, 0 }), "an xz-compressed file", Unpack),
        ((head, _) => head.StartsWith(stackalloc byte[] { 0x28, 0xB5, 0x2F, 0xFD }), "a Zstandard-compressed file", Unpack),
        ((head, _) => head.StartsWith(stackalloc byte[] { 0x04, 0x22, 0x4D, 0x18 }), "an LZ4-compressed file", Unpack),
        ((head, _) => head.StartsWith("Rar!\x1A\x07"u8), "a RAR archive", Unpack),
        ((head, _) => head.StartsWith(stackalloc byte[] { 0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C }), "a 7z archive", Unpack),
        ((head, _) => head.Length > 262 && head[257..].StartsWith("ustar"u8), "a tar archive", Unpack),
        ((head, _) => head.StartsWith(stackalloc byte[] { 0x89, (byte)'P', (byte)'N', (byte)'G' }), "a PNG image", NotAModel),
        ((head, _) => head.StartsWith(stackalloc byte[] { 0xFF, 0xD8, 0xFF }), "a JPEG image", NotAModel),
        ((head, _) => head.StartsWith("GIF8"u8), "a GIF image", NotAModel),
        ((head, _) => head.StartsWith("%PDF"u8), "a PDF document", NotAModel),
        ((head, _) => head.StartsWith("MATLAB 5"u8), "a MATLAB file", NotAModel),
        ((head, _) => head.StartsWith("PAR1"u8), "a Parquet table", NotAModel),
        ((head, _) => head.StartsWith("SQLite format 3"u8), "an SQLite database", NotAModel),
        ((head, _) => head.StartsWith(stackalloc byte[] { 0x7F, (byte)'E', (byte)'L', (byte)'F' }) || head.StartsWith("MZ"u8), "a program", NotAModel),
    ];

    /// <summary>What a file is that begins so; null where nothing is known.</summary>
    public static ForeignFile? Find(ReadOnlySpan<byte> head)
    {
        string? text = FileForms.Text(head);
        foreach ((Test test, string what, string? remedy) in Known)
        {
            if (test(head, text))
            {
                return new ForeignFile(what, remedy);
            }
        }

        return null;
    }

    /// <summary>The error for a file that is nothing a Keras model comes in.</summary>
    public static ModelFormatException Refuse(string name, ReadOnlySpan<byte> head, long length)
    {
        ForeignFile file = Find(head) ?? ByName(name) ?? Unknown(head, length);
        return new ModelFormatException(name, file.What, "a Keras model: a .keras archive (zip), HDF5, or architecture JSON", file.Remedy);
    }

    private static ForeignFile? ByName(string name) => name switch
    {
        _ when name.Contains(".data-000", StringComparison.Ordinal) || name.EndsWith(".index", StringComparison.Ordinal) =>
            new("a TensorFlow checkpoint", "build the model in Python, call load_weights, then model.save(\"model.keras\")"),
        _ when name.EndsWith(".ckpt", StringComparison.Ordinal) => new("a checkpoint that is neither zip nor HDF5", SaveFromPython),
        _ when name.EndsWith(".pb", StringComparison.Ordinal) => new("a TensorFlow graph (.pb)", SaveFromPython),
        _ => null,
    };

    private static ForeignFile Unknown(ReadOnlySpan<byte> head, long length)
    {
        string what = FileForms.Text(head) is { } text
            ? $"plain text, neither zip nor HDF5: \"{Line(text)}\""
            : $"{length} bytes that are neither zip nor HDF5 and begin with {Convert.ToHexString(head[..Math.Min(8, head.Length)])}";
        return new ForeignFile(what, "check that this is the model file and that it was copied whole");
    }

    private static string Line(string text)
    {
        string line = text.AsSpan().Trim().ToString().Split('\n', '\r')[0];
        return line.Length > 60 ? line[..60] + "…" : line;
    }

    private static bool Starts(string? text, string start) => text is not null && text.AsSpan().TrimStart().StartsWith(start, StringComparison.OrdinalIgnoreCase);

    private static bool IsHtml(string? text) =>
        Starts(text, "<!doctype html") || Starts(text, "<html") || Starts(text, "<head") || Starts(text, "<!--") || Starts(text, "<script") || Starts(text, "<body");

    private static bool IsPlainText(ReadOnlySpan<byte> head) => FileForms.Text(head) is not null;

    private static bool IsJoblib(ReadOnlySpan<byte> head) =>
        head is [0x80, >= 2 and <= 5, ..] && (Has(head, "joblib") || Has(head, "NumpyArrayWrapper"));

    /// <summary>Protocols 0 and 1: a dict, list, tuple or object, then their opcodes.</summary>
    private static bool IsTextPickle(ReadOnlySpan<byte> head) =>
        head.StartsWith("(dp"u8) || head.StartsWith("(lp"u8) || head.StartsWith("ccopy_reg"u8) || head.StartsWith("c__builtin__"u8)
        || head.StartsWith("}q"u8) || head.StartsWith("]q"u8) || head.StartsWith("ccopyreg"u8) || head.StartsWith("(i"u8);

    /// <summary>ModelProto: field 1 (ir_version) a small number, then a text or the graph.</summary>
    internal static bool IsOnnx(ReadOnlySpan<byte> head) =>
        head is [0x08, >= 1 and <= 32, 0x12, var length, ..] && head.Length > 4 + length && length is > 0 and < 64 && IsPrintable(head.Slice(4, length))
        || (head is [0x08, >= 3 and <= 32, 0x3A, ..] or [0x08, >= 3 and <= 32, 0x42, ..] && head.Length > 8);

    /// <summary>SavedModel: field 1 (schema version) is 1, then a long meta graph whose first field is its description.</summary>
    private static bool IsSavedModel(ReadOnlySpan<byte> head) => head is [0x08, 0x01, 0x12, >= 0x80, ..] && head[..Math.Min(16, head.Length)].Contains((byte)0x0A);

    private static bool IsPrintable(ReadOnlySpan<byte> bytes) => !bytes.ContainsAnyExceptInRange((byte)0x20, (byte)0x7E);

    private static bool Has(ReadOnlySpan<byte> head, string word) => head.IndexOf(Encoding.ASCII.GetBytes(word)) >= 0;
}
