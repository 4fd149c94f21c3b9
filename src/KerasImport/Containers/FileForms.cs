using System.Buffers;
using System.Text;
using KerasCompat.Zip;

namespace KerasCompat.Containers;

/// <summary>The forms of file that can hold a Keras model or its parts.</summary>
internal enum FileForm
{
    /// <summary>None of the others.</summary>
    Other,

    /// <summary>HDF5.</summary>
    Hdf5,

    /// <summary>A zip archive.</summary>
    Zip,

    /// <summary>Compressed with gzip.</summary>
    Gzip,

    /// <summary>JSON, in any Unicode encoding.</summary>
    Json,

    /// <summary>YAML.</summary>
    Yaml,

    /// <summary>safetensors.</summary>
    Safetensors,
}

/// <summary>Tells a file's form by its bytes.</summary>
internal static class FileForms
{
    /// <summary>Characters that no text has.</summary>
    private static readonly SearchValues<char> Binary = SearchValues.Create("\0\u0001\u0002\u0003\u0004\u0005\u0006\u000E\u000F\u0010\u0011\u0012");

    /// <summary>The signature of an HDF5 file.</summary>
    public static ReadOnlySpan<byte> Hdf5Signature => [0x89, (byte)'H', (byte)'D', (byte)'F', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>The form, and the first bytes of the file.</summary>
    /// <remarks>
    /// Signatures at the start come first. Then the ends of zip archives, which may stand behind something else; then HDF5 behind a user
    /// block. A stored member of an archive may lie where a user block would end, so the zip comes before that.
    /// </remarks>
    public static (FileForm Form, byte[] Head) Of(Stream stream)
    {
        stream.Position = 0;
        var head = new byte[(int)Math.Min(ForeignFile.Head, stream.Length)];
        head = head[..stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
        FileForm form = head switch
        {
            _ when head.AsSpan().StartsWith(Hdf5Signature) => FileForm.Hdf5,
            [(byte)'P', (byte)'K', 3, 4, ..] or [(byte)'P', (byte)'K', 5, 6, ..] => FileForm.Zip,
            [0x1F, 0x8B, ..] => FileForm.Gzip,
            [_, _, _, _, 0, 0, 0, 0, (byte)'{', ..] => FileForm.Safetensors,
            _ when Text(head) is { } text => TextForm(text),
            _ => FileForm.Other,
        };
        if (form == FileForm.Other && ForeignFile.Find(head) is null)
        {
            form = ZipReader.HasDirectory(stream) ? FileForm.Zip : Hdf5.Hdf5File.HasSignature(stream) ? FileForm.Hdf5 : FileForm.Other;
        }

        stream.Position = 0;
        return (form, head);
    }

    /// <summary>The first characters of a text; null where the bytes are none.</summary>
    public static string? Text(ReadOnlySpan<byte> head)
    {
        (Encoding encoding, int mark) = TextDecoding.Detect(head);
        for (int cut = 0; cut < 4 && cut <= head.Length - mark; cut++)
        {
            try
            {
                // The head may end within a character: up to three bytes of it are left out.
                string text = encoding.GetString(head[mark..^cut]);
                bool told = mark > 0 || encoding.GetByteCount("{") == 1 || text.AsSpan().TrimStart() is ['{' or '"' or '[', ..];
                return told && !text.AsSpan().ContainsAny(Binary) ? text : null;
            }
            catch (DecoderFallbackException)
            {
            }
        }

        return null;
    }

    private static FileForm TextForm(string text)
    {
        ReadOnlySpan<char> start = text.AsSpan().TrimStart();
        if (start.StartsWith('{') || start.StartsWith('"') || start.StartsWith('['))
        {
            return FileForm.Json;
        }

        return start.StartsWith("class_name:") || start.StartsWith("backend:") || start.StartsWith("keras_version:") || text.Contains("\nclass_name:", StringComparison.Ordinal)
            ? FileForm.Yaml
            : FileForm.Other;
    }
}
