using KerasCompat.Testing;

namespace KerasCompat.Containers.Tests;

/// <summary>Files whose reading fails half-way: a disk that dies, a file cut by another, a stream that gives a byte at a time.</summary>
public class BrokenStreamTests
{
    public static TheoryData<string> Files =>
    [
        "mlp.h5", "mlp_latest.h5", "mlp_chunked_names.h5", "mlp.keras", "mlp_zip_deflated.keras", "mlp_zip_lzma.keras", "mlp_zip_streamed.keras", "mlp_weights_gzip_shuffle_fletcher.keras",
    ];

    /// <summary>Whichever read fails, the failure comes through, or the load did without that read.</summary>
    [Theory]
    [MemberData(nameof(Files))]
    public void A_read_error_is_told(string file)
    {
        byte[] bytes = File.ReadAllBytes(Fixtures.Path("containers", $"keras-3.15.1/{file}"));
        byte[] whole = Weights(new BrokenStream(bytes));
        int failed = 0;
        for (int good = 0, step = 1; ; good += step, step = 1 + (good / 20))
        {
            var stream = new BrokenStream(bytes) { GoodReads = good };
            try
            {
                Assert.Equal(whole, Weights(stream));
                Assert.False(stream.Failed, "a read failed, and the model was loaded all the same");
                break;
            }
            catch (IOException e) when (e.Message == BrokenStream.Error)
            {
                failed++;
            }
        }

        Assert.InRange(failed, 1, int.MaxValue);
    }

    /// <summary>A file that ends sooner than it said is damaged.</summary>
    [Theory]
    [MemberData(nameof(Files))]
    public void An_early_end_is_told(string file)
    {
        byte[] bytes = File.ReadAllBytes(Fixtures.Path("containers", $"keras-3.15.1/{file}"));
        byte[] whole = Weights(new BrokenStream(bytes));
        for (int at = 0; at < bytes.Length; at += 1 + (bytes.Length / 40))
        {
            Exception? e = Record.Exception(() => Assert.Equal(whole, Weights(new BrokenStream(bytes) { End = at })));
            Assert.True(e is null or KerasCompatException or EndOfStreamException, $"at {at}: {e}");
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void A_byte_at_a_time_is_enough(string file)
    {
        byte[] bytes = File.ReadAllBytes(Fixtures.Path("containers", $"keras-3.15.1/{file}"));
        Assert.Equal(Weights(new BrokenStream(bytes)), Weights(new BrokenStream(bytes) { MostAtATime = 1 }));
    }

    private static byte[] Weights(Stream stream)
    {
        using KerasModel model = KerasModel.Load(stream, "model");
        return [.. model.Weights.SelectMany(w => w.Value.Bytes.ToArray())];
    }

    private sealed class BrokenStream(byte[] bytes) : Stream
    {
        public const string Error = "the disk has died";

        private int _reads;

        /// <summary>Reads before one fails.</summary>
        public int GoodReads { get; init; } = int.MaxValue;

        /// <summary>Where the bytes end, whatever the length says.</summary>
        public int End { get; init; } = bytes.Length;

        public int MostAtATime { get; init; } = int.MaxValue;

        public bool Failed { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => true;

        public override bool CanWrite => false;

        public override long Length => bytes.Length;

        public override long Position { get; set; }

        public override int Read(Span<byte> buffer)
        {
            if (_reads++ >= GoodReads)
            {
                Failed = true;
                throw new IOException(Error);
            }

            int read = (int)Math.Clamp(End - Position, 0, Math.Min(buffer.Length, MostAtATime));
            bytes.AsSpan((int)Math.Min(Position, bytes.Length), read).CopyTo(buffer);
            Position += read;
            return read;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override long Seek(long offset, SeekOrigin origin) =>
            Position = origin switch { SeekOrigin.Begin => offset, SeekOrigin.Current => Position + offset, _ => Length + offset };

        public override void Flush()
        {
        }

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
