using System.IO.Compression;

namespace KerasCompat.Fuzz;

/// <summary>Changes what a zip archive holds and writes it with right lengths and checksums, or changes the archive itself.</summary>
internal static class ZipMutation
{
    private static readonly string[] Names = ["../../../tmp/x", "/etc/passwd", "C:\\x", "config.json", "metadata.json", "model.weights.h5", "assets/../../x", "\0", "a/b/../../c", "arr_0.npy", "CONFIG.JSON"];

    public static byte[] Of(byte[] original, Random random, Func<string, byte[], Random, byte[]> member)
    {
        if (random.Next(3) == 0)
        {
            return Mutation.Of(original, random);
        }

        List<(string Name, byte[] Bytes)> members = Members(original);
        if (members.Count == 0)
        {
            return Mutation.Of(original, random);
        }

        int chosen = random.Next(members.Count);
        switch (random.Next(16))
        {
            case 0:
                members[chosen] = (Names[random.Next(Names.Length)], members[chosen].Bytes);
                break;
            case 1:
                members.Add((members[chosen].Name, member(members[chosen].Name, members[chosen].Bytes, random)));
                break;
            case 2:
                members.RemoveAt(chosen);
                break;
            case 3:
                members[chosen] = (members[chosen].Name, members[random.Next(members.Count)].Bytes);
                break;
            default:
                members[chosen] = (members[chosen].Name, member(members[chosen].Name, members[chosen].Bytes, random));
                break;
        }

        return Written(members, random.Next(2) == 0 ? CompressionLevel.NoCompression : CompressionLevel.Fastest);
    }

    public static byte[] Written(IEnumerable<(string Name, byte[] Bytes)> members, CompressionLevel level)
    {
        var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, byte[] bytes) in members)
            {
                using Stream entry = zip.CreateEntry(name, level).Open();
                entry.Write(bytes);
            }
        }

        return stream.ToArray();
    }

    public static List<(string Name, byte[] Bytes)> Members(byte[] archive)
    {
        var members = new List<(string, byte[])>();
        try
        {
            using var zip = new ZipArchive(new MemoryStream(archive));
            foreach (ZipArchiveEntry entry in zip.Entries)
            {
                using Stream stream = entry.Open();
                var bytes = new MemoryStream();
                stream.CopyTo(bytes);
                members.Add((entry.FullName, bytes.ToArray()));
            }
        }
        catch (Exception e) when (e is InvalidDataException or NotSupportedException)
        {
            return []; // a method that the framework cannot unpack
        }

        return members;
    }
}
