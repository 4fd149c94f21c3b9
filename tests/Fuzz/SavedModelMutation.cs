using System.IO.Compression;
using System.Text;
using KerasCompat.Containers;
using KerasCompat.Testing;

namespace KerasCompat.Fuzz;

/// <summary>Changes a zipped SavedModel: its messages field by field, its table entry by entry with right checksums, and the objects of its checkpoint, which lie among the tensors.</summary>
internal static class SavedModelMutation
{
    private const string Index = "variables/variables.index", Shard = "variables/variables.data-00000-of-00001", Graph = "_CHECKPOINTABLE_OBJECT_GRAPH";

    public static byte[] Of(byte[] archive, Random random) => random.Next(4) == 0 ? WithGraph(archive, random) : ZipMutation.Of(archive, random, Member);

    private static byte[] Member(string name, byte[] bytes, Random random) => random.Next(8) == 0 ? Mutation.Of(bytes, random) : name switch
    {
        Index when random.Next(6) == 0 => Ruined(bytes, random),
        Index => WithEntry(bytes, random),
        Shard => Mutation.Of(bytes, random),
        _ => ProtoMutation.Of(bytes, random),
    };

    /// <summary>Another entry in a table that is right otherwise.</summary>
    private static byte[] WithEntry(byte[] table, Random random)
    {
        List<(string Key, byte[] Value)> entries = Entries(table);
        int chosen = random.Next(entries.Count);
        (string key, byte[] value) = entries[chosen];
        entries[chosen] = random.Next(8) switch
        {
            0 => (Encoding.Latin1.GetString(Mutation.Of(Encoding.Latin1.GetBytes(key), random)), value),
            1 => (key, entries[random.Next(entries.Count)].Value),
            _ => (key, ProtoMutation.Of(value, random)),
        };
        return TensorFlowBytes.Table(entries, random.Next(1, 5), random.Next(2) == 0);
    }

    /// <summary>A table whose blocks are changed and their checksums right: what they say of themselves, too.</summary>
    private static byte[] Ruined(byte[] table, Random random) => TensorFlowBytes.Table(Entries(table), random.Next(1, 5), random.Next(2) == 0, block => random.Next(3) == 0 ? Mutation.Of(block, random) : block);

    /// <summary>Other objects, put behind the tensors, with an entry that leads there.</summary>
    private static byte[] WithGraph(byte[] archive, Random random)
    {
        List<(string Name, byte[] Bytes)> members = ZipMutation.Members(archive);
        int index = members.FindIndex(m => m.Name == Index), shard = members.FindIndex(m => m.Name == Shard);
        List<(string Key, byte[] Value)> entries = Entries(members[index].Bytes);
        int graph = entries.FindIndex(e => e.Key == Graph);
        var entry = BundleEntry.Read(entries[graph].Value, Graph);
        byte[] old = members[shard].Bytes[(int)entry.Offset..(int)(entry.Offset + entry.Length)];
        int start = 0;
        Containers.Varint.Read(old, ref start, Graph);
        byte[] text = ProtoMutation.Of(old[(start + sizeof(uint))..], random);
        byte[] length = BitConverter.GetBytes(text.Length), checksum = BitConverter.GetBytes(TensorFlowBytes.Checksum(length));
        byte[] tensor = [.. TensorFlowBytes.Varint((ulong)text.Length), .. checksum, .. text];
        entries[graph] = (Graph,
        [
            .. TensorFlowBytes.Number(1, 7), .. TensorFlowBytes.Bytes(2, []), .. TensorFlowBytes.Number(4, members[shard].Bytes.Length), .. TensorFlowBytes.Number(5, tensor.Length),
            (6 << 3) | 5, .. BitConverter.GetBytes(TensorFlowBytes.Checksum([.. length, .. checksum, .. text])),
        ]);
        members[shard] = (Shard, [.. members[shard].Bytes, .. tensor]);
        members[index] = (Index, TensorFlowBytes.Table(entries));
        return ZipMutation.Written(members, CompressionLevel.NoCompression);
    }

    private static List<(string Key, byte[] Value)> Entries(byte[] table) => [.. SortedTable.Read(table, Index, ReadLimits.Default).Select(e => (e.Key, e.Value))];
}
