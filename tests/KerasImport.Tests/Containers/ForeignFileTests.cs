using System.IO.Compression;
using System.Text;

namespace KerasCompat.Containers.Tests;

/// <summary>Files that people take for Keras models are named.</summary>
public class ForeignFileTests
{
    public static TheoryData<string, byte[]> Files => new()
    {
        { "an empty file", [] },
        { "a Git LFS pointer", "version https://git-lfs.github.com/spec/v1\noid sha256:00\n"u8.ToArray() },
        { "an HTML page", "\n<!doctype HTML><html>"u8.ToArray() },
        { "an XML file", "<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code></Error>"u8.ToArray() },
        { "a PyTorch file", [0x80, 2, 0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, (byte)'.'] },
        { "a pickle", [0x80, 3, (byte)'}', (byte)'q', 0, (byte)'.'] },
        { "a pickle", "(dp0\nS'a'\np1\nI1\ns."u8.ToArray() },
        { "a joblib file", [0x80, 3, .. "cjoblib.numpy_pickle\nNumpyArrayWrapper\n"u8] },
        { "zlib-compressed", [0x78, 0x9C, 0xED, 0xC1, 1, 1, 0, 0, 0, 0x80, 0x90] },
        { "an ONNX file", [8, 7, 0x12, 7, .. "pytorch"u8, 0x1A, 3, .. "1.9"u8] },
        { "a TensorFlow SavedModel graph", [8, 1, 0x12, 0xA3, 0x50, 0x0A, 0x9E, 0x0D, 0x12] },
        { "a frozen TensorFlow graph", [0x0A, 0x1C, 0x0A, 5, .. "input"u8, 0x12, 0x0B, .. "Placeholder"u8] },
        { "a TensorFlow Lite model", [0x1C, 0, 0, 0, .. "TFL3"u8, 0x14, 0] },
        { "TensorFlow checkpoints", "model_checkpoint_path: \"ckpt-1\"\n"u8.ToArray() },
        { "a NumPy array", [0x93, .. "NUMPY"u8, 1, 0] },
        { "a GGUF file", [.. "GGUF"u8, 3, 0, 0, 0] },
        { "bzip2-compressed", "BZh91AY"u8.ToArray() },
        { "xz-compressed", [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0, 0] },
        { "a RAR archive", [.. "Rar!"u8, 0x1A, 7, 0] },
        { "a 7z archive", [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C, 0] },
        { "a tar archive", [.. new byte[257], .. "ustar"u8, 0, 0, 0] },
        { "a PNG image", [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10] },
        { "a gzip-compressed file of HDF5", GZip([0x89, .. "HDF\r\n\x1a\n"u8, .. new byte[100]]) },
        { "a gzip-compressed file of a tar archive", GZip([.. new byte[257], .. "ustar"u8, .. new byte[100]]) },
        { "plain text, neither zip nor HDF5: \"import keras\"", "import keras\nmodel = keras.Sequential()\n"u8.ToArray() },
        { "9 bytes that are neither zip nor HDF5 and begin with 0102030405060708", [1, 2, 3, 4, 5, 6, 7, 8, 9] },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public void Are_named_from_streams_and_files(string what, byte[] bytes)
    {
        var error = Assert.Throws<ModelFormatException>(() => KerasFileReader.Open(new MemoryStream(bytes), "model.h5"));
        Assert.StartsWith("model.h5: found ", error.Message);
        Assert.Contains(what, error.Message);
        Assert.Contains("; expected ", error.Message);
        string path = Path.Combine(ContentFiles.NewFolder(), "model.keras");
        File.WriteAllBytes(path, bytes);
        Assert.Contains(what, Assert.Throws<ModelFormatException>(() => KerasFileReader.Open(path)).Message);
    }

    [Theory]
    [InlineData("archive/data.pkl", "a PyTorch file (archive/data.pkl)")]
    [InlineData("weights/model.h5", "holds a model file (weights/model.h5)")]
    [InlineData("m/saved_model.pb", "a zipped TensorFlow SavedModel")]
    [InlineData("w.npy", "a NumPy .npz")]
    [InlineData("model.weights.h5", "without its architecture (only model.weights.h5)")]
    [InlineData("word/document.xml", "a zip archive of word/document.xml: config.json is missing")]
    public void Zips_are_named_by_what_they_hold(string member, string text)
    {
        var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            zip.CreateEntry(member);
        }

        Assert.Contains(text, Assert.Throws<ModelFormatException>(() => KerasFileReader.Open(stream, "x.keras")).Message);
    }

    [Fact]
    public void Folders_and_checkpoints_are_named()
    {
        string folder = ContentFiles.NewFolder();
        Assert.Contains("a folder without config.json", Message(folder));
        File.WriteAllText(Path.Combine(folder, "checkpoint"), "model_checkpoint_path: \"ckpt\"");
        Assert.Contains("a folder of TensorFlow checkpoints", Message(folder));
        File.WriteAllBytes(Path.Combine(folder, "ckpt.index"), [0, 0, 1, 2]);
        Assert.Contains("a TensorFlow checkpoint", Message(Path.Combine(folder, "ckpt")));
        Assert.Contains("a TensorFlow checkpoint", Message(Path.Combine(folder, "ckpt.index")));
        File.WriteAllText(Path.Combine(folder, "saved_model.pb"), string.Empty);
        Assert.Contains("a TensorFlow SavedModel folder", Message(folder));
    }

    private static string Message(string path) => Assert.Throws<ModelFormatException>(() => KerasFileReader.Open(path)).Message;

    private static byte[] GZip(byte[] bytes)
    {
        var stream = new MemoryStream();
        using (var gzip = new GZipStream(stream, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(bytes);
        }

        return stream.ToArray();
    }
}
