"""The downloader that `flags` descends from, written in Python as it usually is: a semaphore, results
as they complete, files written by the executor's threads, a progress bar. Arguments: base URL, folder,
concurrency, and a file of country codes, one a line."""

import asyncio
import sys
from collections import Counter
from pathlib import Path

import aiohttp
from tqdm import tqdm


async def get_flag(session, base_url, code):
    async with session.get(f'{base_url}/{code}/{code}.gif') as response:
        if response.status == 404:
            return None
        response.raise_for_status()
        return await response.read()


async def download_one(session, base_url, folder, code, semaphore):
    async with semaphore:
        image = await get_flag(session, base_url, code)
    if image is None:
        return 'not found'
    loop = asyncio.get_running_loop()
    await loop.run_in_executor(None, (folder / f'{code}.gif').write_bytes, image)
    return 'saved'


async def supervisor(base_url, folder, concurrency, codes):
    counter = Counter()
    semaphore = asyncio.Semaphore(concurrency)
    async with aiohttp.ClientSession() as session:
        jobs = [download_one(session, base_url, folder, code, semaphore) for code in codes]
        for job in tqdm(asyncio.as_completed(jobs), total=len(jobs)):
            counter[await job] += 1
    return counter


def main():
    base_url, folder, concurrency, codes_file = sys.argv[1:]
    codes = Path(codes_file).read_text().split()
    Path(folder).mkdir(parents=True, exist_ok=True)
    print(dict(asyncio.run(supervisor(base_url, Path(folder), int(concurrency), codes))))


if __name__ == '__main__':
    main()
