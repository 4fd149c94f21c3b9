using System.Collections.Concurrent;

namespace KerasCompat.Hdf5;

/// <summary>One open file: its bytes, what the superblock says of them, its limits, and what was read already.</summary>
internal sealed class OpenFile(FileBytes bytes, string name, ReadLimits limits) : IDisposable
{
    /// <summary>So much a read may produce from a file however small it is.</summary>
    private const long FreeBytes = 16L << 20;

    private readonly ConcurrentDictionary<long, StoredObject> objects = new();
    private readonly ConcurrentDictionary<long, GlobalHeapCollection> collections = new();
    private readonly ConcurrentDictionary<(long, MessageType), ReadOnlyMemory<byte>> committed = new();
    private Dictionary<long, string>? objectPaths;
    private long arrayBytes;
    private int objectCount;

    public FileBytes Bytes => bytes;

    public string Name => name;

    public ReadLimits Limits => limits;

    /// <summary>Where the superblock lies; every address in the file counts from here.</summary>
    public long Base { get; set; }

    /// <summary>The end of the file as an address.</summary>
    public long End { get; set; }

    /// <summary>Bytes of an address.</summary>
    public int OffsetSize { get; set; } = 8;

    /// <summary>Bytes of a length.</summary>
    public int LengthSize { get; set; } = 8;

    /// <summary>Half of the most children that a node of a version-1 B-tree of groups has.</summary>
    public int GroupInternalK { get; set; } = 16;

    /// <summary>Half of the most entries of a symbol table node.</summary>
    public int GroupLeafK { get; set; } = 4;

    /// <summary>Half of the most children that a node of a version-1 B-tree of chunks has.</summary>
    public int ChunkInternalK { get; set; } = 32;

    /// <summary>The heaps of messages shared by many objects; null where the file has none.</summary>
    public SharedMessageTable? SharedMessages { get; set; }

    /// <summary>The root group, once it is open.</summary>
    public Hdf5Group Root { get; set; } = null!;

    /// <summary>The first path, by name, that leads to an object; empty where none does.</summary>
    public string PathOf(long address, Place place)
    {
        place.CheckRange(address, 1, "object referred to");
        var paths = LazyInitializer.EnsureInitialized(ref objectPaths, () => ObjectPaths.Of(Root))!;
        return paths.TryGetValue(address, out var path) ? path : "";
    }

    public StoredObject Object(long address, Place place) =>
        objects.TryGetValue(address, out var known) ? known : objects.GetOrAdd(address, StoredObject.Read(address, place));

    /// <summary>The message of a kind in the header of another object, mostly a named datatype.</summary>
    public ReadOnlyMemory<byte> Committed(long address, MessageType type, Place place)
    {
        if (committed.TryGetValue((address, type), out var known))
        {
            return known;
        }

        var message = ObjectHeader.Read(address, place, followShared: false).Find(type)
            ?? throw place.Damaged($"a message shared with the object at {address}, which has none of type {type}");
        return committed.GetOrAdd((address, type), message.Body);
    }

    public GlobalHeapCollection Collection(long address, Place place) =>
        collections.TryGetValue(address, out var known) ? known : collections.GetOrAdd(address, GlobalHeapCollection.Read(address, place));

    /// <summary>Counts links, attributes and objects against <see cref="ReadLimits.MaxObjects"/>.</summary>
    /// <exception cref="OperationCanceledException">The read is no longer wanted.</exception>
    public void CountObjects(int more, Place place)
    {
        limits.CancellationToken.ThrowIfCancellationRequested();
        if (Interlocked.Add(ref objectCount, more) is var count && (count < 0 || count > limits.MaxObjects))
        {
            throw place.TooLarge("more groups, datasets, links and attributes", nameof(ReadLimits.MaxObjects), limits.MaxObjects);
        }
    }

    /// <summary>Asks for memory that a file makes us allocate: one array of so many bytes.</summary>
    public void CountArray(long size, Place place)
    {
        CheckArray(size, place);
        if (Interlocked.Add(ref arrayBytes, size) > limits.MaxTotalBytes)
        {
            throw place.TooLarge($"another {size} bytes of data", nameof(ReadLimits.MaxTotalBytes), limits.MaxTotalBytes);
        }
    }

    /// <summary>Whether an array of so many bytes may be read at all: absolutely, and for a file as small as this.</summary>
    public void CheckArray(long size, Place place)
    {
        if (size > limits.MaxArrayBytes)
        {
            throw place.TooLarge($"data of {size} bytes", nameof(ReadLimits.MaxArrayBytes), limits.MaxArrayBytes);
        }

        CheckExpansion(size, End, place);
    }

    /// <summary>Whether so many stored bytes may become so many: small ones always, others by <see cref="ReadLimits.MaxInflationRatio"/>.</summary>
    /// <exception cref="OperationCanceledException">The read is no longer wanted.</exception>
    public void CheckExpansion(long size, long stored, Place place)
    {
        limits.CancellationToken.ThrowIfCancellationRequested();
        if (size > FreeBytes && size / limits.MaxInflationRatio > stored)
        {
            throw place.TooLarge(
                $"{stored} stored bytes that stand for {size}", nameof(ReadLimits.MaxInflationRatio), limits.MaxInflationRatio);
        }
    }

    /// <summary>What one object keeps in a heap: records that all lead to the same large object would add up to more than there is.</summary>
    public void CheckHeapObjects(long bytes, Place place)
    {
        if (bytes > limits.MaxMetadataBytes)
        {
            throw place.TooLarge($"links or attributes of {bytes} bytes", nameof(ReadLimits.MaxMetadataBytes), limits.MaxMetadataBytes);
        }
    }

    public void Dispose() => bytes.Dispose();
}
