using Newtonsoft.Json.Linq;

namespace KerasCompat.Containers;

/// <summary>The shards of one manifest group, end to end. A weight may begin in one and end in another.</summary>
internal sealed class ShardBytes
{
    private readonly List<(string Path, long Start, long Length)> _shards = [];

    /// <exception cref="ModelFormatException">A shard is missing, or its name leads out of the folder.</exception>
    public ShardBytes(JArray paths, string place, string folder)
    {
        foreach (JToken token in paths)
        {
            string file = SiblingFile.Check((token as JValue)?.Value as string ?? string.Empty, $"{place}.paths");
            var info = new FileInfo(System.IO.Path.Combine(folder, file));
            if (!info.Exists)
            {
                throw new ModelFormatException($"{place}.paths", $"no file {file} beside the model", "all shards of the weights", "copy them into the model's folder");
            }

            _shards.Add((info.FullName, Length, info.Length));
            Length += info.Length;
        }

        Place = place;
    }

    public string Place { get; }

    /// <summary>Bytes of all shards.</summary>
    public long Length { get; }

    /// <exception cref="ModelFormatException">A shard became shorter.</exception>
    public void Read(long offset, Span<byte> target)
    {
        foreach ((string path, long start, long length) in _shards)
        {
            long from = offset - start;
            if (from < 0 || from >= length || target.IsEmpty)
            {
                continue;
            }

            int count = (int)Math.Min(target.Length, length - from);
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1);
            stream.Position = from;
            if (stream.ReadAtLeast(target[..count], count, throwOnEndOfStream: false) < count)
            {
                throw new ModelFormatException(Place, $"a shard {System.IO.Path.GetFileName(path)} that was cut while it was read", "all its bytes");
            }

            target = target[count..];
            offset += count;
        }
    }
}
