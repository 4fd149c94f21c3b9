namespace KerasCompat.Containers.Tests;

/// <summary>Flips bits of a file and reads it: the only outcomes may be success and our exceptions.</summary>
internal static class Damage
{
    public static void Flip(byte[] whole, int rounds, Action<byte[]> read)
    {
        var random = new Random(whole.Length);
        for (int round = 0; round < rounds; round++)
        {
            var bytes = (byte[])whole.Clone();
            for (int flips = random.Next(1, 5); flips > 0; flips--)
            {
                bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            }

            if (round % 10 == 0)
            {
                bytes = bytes[..random.Next(bytes.Length)];
            }

            try
            {
                read(bytes);
            }
            catch (KerasCompatException)
            {
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"Round {round}: {e.GetType()}: {e.Message}", e);
            }
        }
    }
}
