using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Hdf5.Tests;

/// <summary>An array of a numpy file.</summary>
/// <param name="Kind">numpy's letter: f, i, u, b, U.</param>
/// <param name="ItemSize">Bytes of an element.</param>
/// <param name="Shape">The shape.</param>
/// <param name="Data">The elements, little-endian.</param>
internal sealed record NpyArray(char Kind, int ItemSize, long[] Shape, byte[] Data)
{
    public long Count => Shape.Aggregate(1L, (product, n) => product * n);

    public string[] Texts() => [.. Enumerable.Range(0, (int)Count).Select(i =>
        Encoding.UTF32.GetString(Data, i * ItemSize, ItemSize).TrimEnd('\0'))];
}

/// <summary>A numpy archive of a fixture: little-endian arrays in C order, and a manifest in JSON.</summary>
internal sealed class Npz : IDisposable
{
    private readonly ZipArchive zip;

    public Npz(string path) => zip = ZipFile.OpenRead(path);

    public JObject Manifest
    {
        get
        {
            // Groups a hundred levels deep.
            using var reader = new JsonTextReader(new StringReader(Encoding.UTF8.GetString(this["manifest"].Data))) { MaxDepth = null };
            return JObject.Load(reader);
        }
    }

    public NpyArray this[string name]
    {
        get
        {
            using var member = zip.GetEntry(name + ".npy")!.Open();
            using var memory = new MemoryStream();
            member.CopyTo(memory);
            return Parse(memory.ToArray());
        }
    }

    public void Dispose() => zip.Dispose();

    private static NpyArray Parse(byte[] file)
    {
        var isFirstVersion = file[6] == 1;
        var headLength = isFirstVersion ? BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(8)) : BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(8));
        var start = (isFirstVersion ? 10 : 12) + headLength;
        var head = Encoding.UTF8.GetString(file, 10, start - 10);
        var descr = Regex.Match(head, "'descr': '([<|])(.)(\\d+)'");
        var shape = Regex.Match(head, "'shape': \\(([^)]*)\\)").Groups[1].Value;
        var kind = descr.Groups[2].Value[0];
        var size = int.Parse(descr.Groups[3].Value);
        return new NpyArray(
            kind, kind == 'U' ? 4 * size : size,
            [.. shape.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(long.Parse)],
            file[start..]);
    }
}
